import { styleText } from 'node:util';
import { fromEvent, map, merge, type Observable, share, Subject, take, tap } from 'rxjs';
import { reasonOf } from '../util/reasonOf';

type Format = 'bold' | 'dim' | 'red' | 'green' | 'yellow' | 'cyan' | 'magenta';

/** The standard streams of the process, for use by commands. */
export interface Terminal {
  /** Whether standard output is a terminal. Otherwise, lines are not shortened and have no colours. */
  readonly isTerminal: boolean;
  /** The number of columns: that of the terminal, 80 if the terminal does not report it, and unlimited without a terminal. */
  readonly columns: number;
  /** Whether the user can be prompted: standard input and standard error are terminals. */
  readonly canAsk: boolean;
  /** Writes lines to standard output. */
  print(text: string): void;
  /** Writes bytes to standard output. */
  write(bytes: Uint8Array): void;
  /** Writes lines to standard error. */
  note(text: string): void;
  /** Replaces the last line of standard error on a terminal. Otherwise, writes a new line. */
  status(text: string): void;
  /** Colours text for standard output. */
  style(format: Format, text: string): string;
  /** Stops the command, like Ctrl-C. */
  interrupt(): void;
  /** Whether {@link stop$} has emitted. */
  readonly isStopped: boolean;
  /** Emits once when the command should stop: on Ctrl-C, on SIGTERM, or when the reader of standard output has closed it. */
  readonly stop$: Observable<'interrupted' | 'closed'>;
}

/** Creates the {@link Terminal} of this process. */
export function createTerminal(process: NodeJS.Process): Terminal {
  const { stdout, stderr, stdin, env } = process;
  const closed$ = new Subject<void>();
  const interrupt$ = new Subject<void>();
  let statusLine = false;
  let isStopped = false;
  for (const stream of [stdout, stderr]) {
    stream.on('error', (error) => {
      // A reader such as `head` closes the pipe once it has enough lines.
      if (reasonOf(error).code !== 'EPIPE') throw error;
      closed$.next();
    });
  }
  const colours = hasColours(stdout, env);
  const clear = (): void => {
    if (statusLine) stderr.write('\r\u001B[2K');
    statusLine = false;
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
      statusLine = stderr.isTTY;
      stderr.write(statusLine ? text : `${text}\n`);
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
