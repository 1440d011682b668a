import { styleText } from 'node:util';
import { fromEvent, map, merge, type Observable, share, Subject, take, tap } from 'rxjs';
import { reasonOf } from '../util/reasonOf';

type Format = 'bold' | 'dim' | 'red' | 'green' | 'yellow' | 'cyan' | 'magenta';

/** The standard streams of the process, as used by commands. */
export interface Terminal {
  /** Whether standard output is a terminal. If not, lines are neither truncated nor coloured. */
  readonly isTerminal: boolean;
  /** The number of columns of the terminal, or 80 if it is unknown. `Infinity` if standard output is not a terminal. */
  readonly columns: number;
  /** Whether the user can be prompted, because standard input and standard error are terminals. */
  readonly canAsk: boolean;
  /** Writes lines to standard output. */
  print(text: string): void;
  /** Writes bytes to standard output. */
  write(bytes: Uint8Array): void;
  /** Writes lines to standard error. */
  note(text: string): void;
  /** Writes a status line to standard error. On a terminal, replaces the previous status line. */
  status(text: string): void;
  /** Applies a colour or style to text for standard output. */
  style(format: Format, text: string): string;
  /** Stops the command, like Ctrl-C. */
  interrupt(): void;
  /** Whether {@link stop$} has emitted. */
  readonly isStopped: boolean;
  /**
   * Emits when the command should stop: on Ctrl-C or SIGTERM, or when the reader of standard output has closed the
   * pipe.
   */
  readonly stop$: Observable<'interrupted' | 'closed'>;
}

/** Creates the {@link Terminal} of this process. */
export function createTerminal(process: NodeJS.Process): Terminal {
  const { stdout, stderr, stdin, env } = process;
  const closed$ = new Subject<void>();
  const interrupt$ = new Subject<void>();
  let hasStatusLine = false;
  let isStopped = false;
  for (const stream of [stdout, stderr]) {
    stream.on('error', (error) => {
      // A reader such as `head` closes the pipe when it has read enough lines.
      if (reasonOf(error).code !== 'EPIPE') throw error;
      closed$.next();
    });
  }
  const colours = hasColours(stdout, env);
  const clear = (): void => {
    if (hasStatusLine) stderr.write('\r\u001B[2K');
    hasStatusLine = false;
  };
  const interrupts$ = merge(fromEvent(process, 'SIGINT'), fromEvent(process, 'SIGTERM'), interrupt$).pipe(
    map(() => 'interrupted' as const),
  );
  return {
    isTerminal: stdout.isTTY,
    columns: stdout.isTTY ? stdout.columns || 80 : Infinity,
    canAsk: stdin.isTTY && stderr.isTTY,
    print(text) {
      clear();
      stdout.write(`${text}\n`);
    },
    write(bytes) {
      clear();
      stdout.write(bytes);
    },
    note(text) {
      clear();
      stderr.write(`${text}\n`);
    },
    status(text) {
      clear();
      hasStatusLine = stderr.isTTY;
      stderr.write(hasStatusLine ? text : `${text}\n`);
    },
    style: (format, text) => (colours ? styleText(format, text) : text),
    interrupt: () => interrupt$.next(),
    get isStopped() {
      return isStopped;
    },
    stop$: merge(interrupts$, closed$.pipe(map(() => 'closed' as const))).pipe(
      take(1),
      tap(() => (isStopped = true)),
      share(),
    ),
  };
}

function hasColours(stdout: NodeJS.WriteStream, env: NodeJS.ProcessEnv): boolean {
  if (env['NO_COLOR']) return false;
  return stdout.isTTY && env['TERM'] !== 'dumb';
}
