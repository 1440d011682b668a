import { check, isArrayOf, isRecordOf, isString, type Validators } from '../../util/options';

/** The command, arguments and environment of a server process. Read for each connection. */
export interface StdioServer {
  /** The program to run: a path, or a name that is looked up in `PATH`. */
  command: string;
  /** The arguments. Default: none. */
  args?: readonly string[] | undefined;
  /**
   * Environment variables, in addition to the few that are always inherited, such as `PATH` and `HOME`. Default: none.
   */
  env?: Readonly<Record<string, string>> | undefined;
  /** The working directory. Default: the working directory of this process. */
  cwd?: string | undefined;
  /**
   * Where the standard error of the process goes. `'inherit'` (default): to the standard error of this process.
   * `'pipe'`: to `connector.stderr$`. `'ignore'`: it is discarded. A number: to this file descriptor.
   */
  stderr?: 'inherit' | 'ignore' | 'pipe' | number | undefined;
}

/** Validators for {@link StdioServer}. */
export const stdioServerChecks: Validators = {
  command: check('a program', (value) => typeof value === 'string' && value !== ''),
  args: isArrayOf(isString),
  env: isRecordOf(isString),
  cwd: isString,
  stderr: check(
    "'inherit', 'ignore', 'pipe' or a file descriptor",
    (value) => Number.isInteger(value) || ['inherit', 'ignore', 'pipe'].some((word) => word === value),
  ),
};
