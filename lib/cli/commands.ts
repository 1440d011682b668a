import type { CommandLine } from './commandLine';
import type { Terminal } from './terminal';

/** Runs a command. Resolves with the exit code; rejects with a typed error or a `UsageError`. */
type CommandRunner = (line: CommandLine, terminal: Terminal) => Promise<number>;
export interface CommandOption {
  name: string;
  /** The placeholder for the value in the help. Absent for a flag. */
  value?: string;
  short?: string;
  description: string;
}

/** A command of `rx-mcp`. The parser, the help and the documentation are derived from it. */
export interface Command {
  name: string;
  /** The forms of usage, without the name of the command. */
  forms: readonly string[];
  summary: string;
  /** Paragraphs of the help. */
  details: readonly string[];
  options: readonly CommandOption[];
  examples: readonly string[];
  /** Returns a hint for an unknown option, to append to the error message. Used if no known option is similar. */
  unknownOptionHint?: (option: string) => string;
  /** Whether a command after `--` is accepted as a target. */
  takesProgram: boolean;
  load(): Promise<CommandRunner>;
}

const json: CommandOption = { name: 'json', description: 'print one JSON object per line, a summary last' };
const config: CommandOption = { name: 'config', value: 'FILE', description: 'read servers from this file only' };
const duration: CommandOption = { name: 'for', value: '30s', description: 'stop after this time' };

const durations = 'Times have a unit: 500ms, 30s, 2m or 1h. A number without a unit is in seconds.';

const targetOptions: readonly CommandOption[] = [
  config,
  { name: 'era', value: 'ERA', description: 'protocol: legacy, modern or auto (default: auto)' },
  { name: 'header', value: "'K: V'", description: 'send a header to servers at a URL; may be repeated' },
  { name: 'env', value: 'K=V', description: 'set a variable for command servers; may be repeated' },
];

/** Every command, in the order of the help. */
export const commands: readonly Command[] = [
  {
    name: 'watch',
    forms: ['<target>…', '-- <command> [argument…]'],
    summary: 'Print what servers send, across their restarts',
    details: [
      'Prints every notification of one or more servers until Ctrl-C. Reconnects when a connection is lost. Periods in which notifications may have been missed are reported as gaps on standard error.',
      durations,
    ],
    options: [
      { name: 'method', value: 'METHOD', description: 'print only this method; may be repeated' },
      { name: 'uri', value: 'URI', description: 'subscribe to this resource; may be repeated' },
      { name: 'level', value: 'LEVEL', description: "set the servers' log level, for example debug" },
      { name: 'until', value: 'METHOD', description: 'stop after a notification with this method' },
      { name: 'count', value: 'N', description: 'stop after this many notifications' },
      duration,
      { name: 'fail-on-gap', description: 'stop with exit code 6 at the first gap' },
      { name: 'raw', description: 'print every JSON-RPC message in both directions' },
      json,
      ...targetOptions,
    ],
    examples: [
      'rx-mcp watch http://127.0.0.1:3000/mcp',
      'rx-mcp watch files tickets --method notifications/message --level debug',
      'rx-mcp watch http://127.0.0.1:3000/mcp --until custom/done --for 10m',
    ],
    takesProgram: true,
    load: async () => (await import('./command/watch')).watch,
  },
  {
    name: 'call',
    forms: ['<target> <tool> [argument…]', '<tool> [argument…] -- <command> [argument…]'],
    summary: 'Call a tool',
    details: [
      'Arguments are key=text, key:=json, a JSON object, or - for a JSON object from standard input. The result goes to standard output and progress to standard error. Elicitations of the server are shown on the terminal, or declined without a terminal.',
      durations,
    ],
    options: [
      { name: 'timeout', value: '60s', description: 'fail after this time without a response or progress' },
      { name: 'no-progress', description: 'do not show progress' },
      json,
      ...targetOptions,
    ],
    examples: [
      'rx-mcp call files read_file path=notes.md',
      `rx-mcp call http://127.0.0.1:3000/mcp add a:=1 b:=2`,
      `echo '{"text":"hello"}' | rx-mcp call echo - -- npx my-server`,
    ],
    unknownOptionHint: (option) => `; an argument of the tool is ${option}=text or ${option}:=json`,
    takesProgram: true,
    load: async () => (await import('./command/call')).call,
  },
  {
    name: 'list',
    forms: ['<target>… [tools|prompts|resources|templates]', '[tools|…] -- <command> [argument…]'],
    summary: 'List tools, prompts, resources and templates',
    details: [
      'Prints all lists that the servers declare, or only the named one. With --watch, prints a list again after every change.',
    ],
    options: [{ name: 'watch', description: 'print again after every change, until Ctrl-C' }, json, ...targetOptions],
    examples: ['rx-mcp list http://127.0.0.1:3000/mcp', 'rx-mcp list files tools --json'],
    takesProgram: true,
    load: async () => (await import('./command/list')).list,
  },
  {
    name: 'read',
    forms: ['<target> <uri>', '<uri> -- <command> [argument…]'],
    summary: 'Read a resource',
    details: ['Prints the contents of a resource. With --watch, prints them again after every update.'],
    options: [{ name: 'watch', description: 'print again after every update, until Ctrl-C' }, json, ...targetOptions],
    examples: ['rx-mcp read files file:///notes.md', 'rx-mcp read http://127.0.0.1:3000/mcp demo://load --watch'],
    takesProgram: true,
    load: async () => (await import('./command/read')).read,
  },
  {
    name: 'record',
    forms: ['<target> -o FILE', '-o FILE -- <command> [argument…]'],
    summary: 'Record the messages between a client and a server',
    details: [
      'Records a session with a server until Ctrl-C: messages, lost connections and gaps, with their times. With a command, passes all messages between the command and another client on standard input and output, and records both directions.',
      'Only the owner can read the file. It contains arguments and results, but no headers.',
      durations,
    ],
    options: [
      { name: 'output', short: 'o', value: 'FILE', description: 'write the recording to this file, replacing it' },
      duration,
      { name: 'json', description: 'print a summary as a JSON object' },
      ...targetOptions,
    ],
    examples: [
      'rx-mcp record http://127.0.0.1:3000/mcp -o session.mcp.jsonl --for 5m',
      'rx-mcp record -o session.mcp.jsonl -- npx my-server',
    ],
    takesProgram: true,
    load: async () => (await import('./command/record')).record,
  },
  {
    name: 'replay',
    forms: ['<file> [--port 3000 | --stdio]'],
    summary: 'Serve a recording to other clients',
    details: [
      'Serves the responses and notifications of a recording, over HTTP at the URL that it prints, or over standard input and output. Each session of a client replays the next recorded connection. Protocol 2026-07-28 has no sessions: its clients share a connection until that connection is lost. A request that is not in the recording is answered with an error that names it.',
    ],
    options: [
      { name: 'port', value: 'PORT', description: 'listen on this port of 127.0.0.1 (default: a free one)' },
      { name: 'stdio', description: 'serve standard input and output' },
      { name: 'pace', value: 'PACE', description: 'recorded (default), or asap for no delays' },
      { name: 'json', description: 'print the URL as a JSON object' },
    ],
    examples: [
      'rx-mcp replay session.mcp.jsonl --port 3000',
      'rx-mcp call echo text=hi -- rx-mcp replay session.mcp.jsonl --stdio',
    ],
    takesProgram: false,
    load: async () => (await import('./command/replay')).replay,
  },
  {
    name: 'servers',
    forms: [''],
    summary: 'List the servers of the configuration files',
    details: [
      'Lists each server with the configuration file that contains it. Does not connect to servers or start them.',
    ],
    options: [json, config],
    examples: ['rx-mcp servers'],
    takesProgram: false,
    load: async () => (await import('./command/servers')).servers,
  },
];
