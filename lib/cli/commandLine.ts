import { parseArgs } from 'node:util';
import { didYouMean } from '../util/nearestName';
import { reasonOf } from '../util/reasonOf';
import type { Command } from './commands';
import { parseDuration } from './duration';
import { UsageError } from './usageError';

/** The parsed words and options of one invocation. */
export interface CommandLine {
  /** The words after the name of the command that are not options. */
  readonly words: readonly string[];
  /** The command after `--`, if there is one. */
  readonly program: readonly string[] | undefined;
  /** Whether a flag was given. */
  flag(name: string): boolean;
  /** The value of an option. */
  text(name: string): string | undefined;
  /** The values of an option that may be repeated. */
  texts(name: string): readonly string[];
  /** The value of an option that is a duration, in milliseconds. */
  duration(name: string): number | undefined;
  /** The value of an option that is an integer, at least 1. */
  count(name: string): number | undefined;
}

/**
 * Parses the arguments that follow the name of a command.
 *
 * @throws {@link UsageError} if an option is unknown, or its value is missing or unexpected. Suggests a known option.
 */
export function parseCommandLine(command: Command, args: readonly string[]): CommandLine {
  const end = args.indexOf('--');
  const own = end < 0 ? args : args.slice(0, end);
  const program = end < 0 ? undefined : args.slice(end + 1);
  if (program?.length === 0) throw new UsageError(`${command.name}: expected a command after --`);
  if (program && !command.takesProgram) throw new UsageError(`${command.name}: unexpected command after --`);
  const { values, positionals } = parse(command, own);
  const all = (name: string): unknown[] => [values[name] ?? []].flat();
  const text = (name: string): string | undefined => all(name).find((value) => typeof value === 'string');
  return {
    words: positionals,
    program,
    text,
    flag: (name) => values[name] === true,
    texts: (name) => all(name).filter((value) => typeof value === 'string'),
    duration(name) {
      const value = text(name);
      return value === undefined ? undefined : parseDuration(value, name);
    },
    count(name) {
      const value = text(name);
      if (value === undefined || (/^\d+$/.test(value) && Number(value) > 0))
        return value === undefined ? value : Number(value);
      throw new UsageError(`--${name}: expected an integer >= 1, got ${JSON.stringify(value)}`);
    },
  };
}

type Parsed = ReturnType<typeof parseArgs>;

function parse(command: Command, args: readonly string[]): Parsed {
  const options = Object.fromEntries(
    [...command.options, { name: 'help', short: 'h', value: undefined }].map(({ name, short, value }) => [
      name,
      {
        type: value === undefined ? ('boolean' as const) : ('string' as const),
        multiple: value !== undefined,
        ...(short !== undefined && { short }),
      },
    ]),
  );
  try {
    return parseArgs({ args: [...args], options, allowPositionals: true });
  } catch (cause) {
    const { message, code } = reasonOf(cause);
    if (code === 'ERR_PARSE_ARGS_UNKNOWN_OPTION') {
      const [, dashes = '--', option = ''] = /'(-*)([^']*)'/.exec(message) ?? [];
      const names = command.options.map(({ name }) => name);
      // A suggestion for a single letter would be arbitrary.
      const suggestion = option.length > 1 ? didYouMean(option, names).replace(/"(.*)"/, '--$1') : '';
      const hint = suggestion === '' ? command.unknownOptionHint?.(option) : suggestion;
      throw new UsageError(`${command.name}: unknown option ${dashes}${option}${hint ?? ''}`);
    }
    if (typeof code === 'string' && code.startsWith('ERR_PARSE_ARGS')) {
      const option = /'(?:-\w, )?(--?[\w-]+)/.exec(message)?.[1] ?? 'option';
      const takesValue = /argument missing|ambiguous/.test(message);
      throw new UsageError(`${command.name}: ${option} ${takesValue ? 'needs a value' : 'takes no value'}`);
    }
    throw cause;
  }
}

/** Whether to print the help instead of running the command: `-h` or `--help` before `--`. */
export function wantsHelp(args: readonly string[]): boolean {
  const end = args.indexOf('--');
  return (end < 0 ? args : args.slice(0, end)).some((arg) => arg === '-h' || arg === '--help');
}
