import { check, isArrayOf, isRecordOf, isString, type Validators } from '../../util/options';

/** The command and environment of a server process. */
export interface StdioServer {
  /** The program, which is looked up in `PATH`. */
  command: string;
  /** Arguments. Default: none. */
  args?: readonly string[] | undefined;
  /** Environment variables in addition to the few that are always inherited (`PATH`, `HOME` and similar). Default: none. */
  env?: Readonly<Record<string, string>> | undefined;
  /** The working directory. Default: that of this process. */
  cwd?: string | undefined;
  /**
   * The destination of the process's standard error: that of this process (`'inherit'`, the default), nothing (`'ignore'`),
   * a file descriptor, or `connector.stderr$` (`'pipe'`).
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
