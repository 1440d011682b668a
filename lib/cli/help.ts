import { type Command, type CommandOption, commands } from './commands';
import { wrap } from './text';

const columns = 80;

/** Returns the help of one command, or the overview. No line is longer than 80 columns. */
export function helpOf(command?: Command): string {
  return command ? commandHelp(command) : overview();
}

function overview(): string {
  const widest = Math.max(...commands.map(({ name }) => name.length));
  return [
    'rx-mcp: watch and use MCP servers from the command line',
    '',
    'Usage: rx-mcp <command> [option…]',
    '',
    'Commands:',
    ...commands.map(({ name, summary }) => `  ${name.padEnd(widest)}  ${summary}`),
    `  ${'help'.padEnd(widest)}  Print this help, or that of a command`,
    '',
    'A target is one of:',
    '  https://example.com/mcp  a server at a URL',
    '  name                     a server of a configuration file',
    '  -- command argument…     a server program that uses standard input and output',
    '',
    ...configuration,
    '',
    'Exit codes:',
    ...exitCodeLines,
    '',
    'Options: -h, --help and --version. "rx-mcp help <command>" describes a command.',
  ].join('\n');
}

const configuration = [
  wrap(
    'Names are looked up in ./.mcp.json, ./mcp.json, ./.vscode/mcp.json and ./.cursor/mcp.json, then in the files of Cursor, Claude, VS Code, Windsurf and Gemini in the home directory. The first file that has the name is used.',
    columns,
  ),
];

const exitCodeLines = [
  '  0  success, and Ctrl-C in watch',
  '  1  usage error, timeout of a request, unknown resource, or unexpected failure',
  '  3  unauthorized',
  '  4  unreachable',
  '  5  tool error, or no such tool',
  '  6  gap with --fail-on-gap',
  '  7  no notification of --until within --for',
];

function commandHelp({ name, forms, summary, details, options, examples }: Command): string {
  return [
    `rx-mcp ${name}: ${summary.charAt(0).toLowerCase()}${summary.slice(1)}`,
    '',
    ...forms.map((form, index) => `${index === 0 ? 'Usage:' : '      '} rx-mcp ${name} ${form}`.trimEnd()),
    '',
    ...details.flatMap((paragraph) => [wrap(paragraph, columns), '']),
    'Options:',
    ...optionLines(options),
    '',
    'Examples:',
    ...examples.map((example) => `  ${example}`),
  ].join('\n');
}

function optionLines(options: readonly CommandOption[]): string[] {
  const names = options.map(({ name, short, value }) => {
    const shortName = short === undefined ? '' : `-${short}, `;
    return `${shortName}--${name}${value === undefined ? '' : ` ${value}`}`;
  });
  const widest = Math.max(...names.map((name) => name.length));
  return options.map(({ description }, index) => `  ${(names[index] ?? '').padEnd(widest)}  ${description}`);
}
