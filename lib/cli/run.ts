import { didYouMean } from '../util/nearestName';
import { version } from '../version';
import { parseCommandLine, wantsHelp } from './commandLine';
import { type Command, commands } from './commands';
import { exitCodeOf, exitCodes } from './exitCode';
import { helpOf } from './help';
import { reportError } from './report';
import { createTerminal, type Terminal } from './terminal';
import { UsageError } from './usageError';

/** Runs `rx-mcp` with the arguments of a command line. Resolves with the exit code; never rejects. */
export async function run(args: readonly string[]): Promise<number> {
  const terminal = createTerminal(process);
  const end = args.indexOf('--');
  const json = (end < 0 ? args : args.slice(0, end)).includes('--json');
  try {
    return await dispatch(args, terminal);
  } catch (error) {
    reportError(terminal, error, json);
    return exitCodeOf(error);
  }
}

async function dispatch([name, ...rest]: readonly string[], terminal: Terminal): Promise<number> {
  if (name === undefined || name === '-h' || name === '--help') return print(terminal, helpOf());
  if (name === '--version') return print(terminal, version);
  if (name === 'help') return print(terminal, helpOf(rest[0] === undefined ? undefined : commandNamed(rest[0])));
  const command = commandNamed(name);
  if (wantsHelp(rest)) return print(terminal, helpOf(command));
  const line = parseCommandLine(command, rest);
  const runCommand = await command.load();
  return runCommand(line, terminal);
}

function print(terminal: Terminal, text: string): number {
  terminal.print(text);
  return exitCodes.ok;
}

function commandNamed(name: string): Command {
  const command = commands.find((known) => known.name === name);
  if (command) return command;
  const kind = name.startsWith('-') ? 'option' : 'command';
  const known = name.startsWith('-') ? ['--help', '--version'] : ['help', ...commands.map((other) => other.name)];
  throw new UsageError(
    `command line: unknown ${kind} ${JSON.stringify(name)}${didYouMean(name, known) || '; rx-mcp help lists the commands'}`,
  );
}
