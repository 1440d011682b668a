import { styleText } from 'node:util';
import { fromEvent, map, merge, type Observable, share, Subject, take } from 'rxjs';
import { reasonOf } from '../util/reasonOf';

type Format = 'bold' | 'dim' | 'red' | 'green' | 'yellow' | 'cyan' | 'magenta';

/** Standard output and standard error, as the commands use them. */
export interface Terminal {
  /** Whether standard output is a terminal; elsewhere every line is complete and has no colours. */
  readonly isTerminal: boolean;
  /** The columns of a line: those of the terminal, 80 where it does not know, and without a limit elsewhere. */
  readonly columns: number;
  /** Whether questions can be asked: standard input and standard error are terminals. */
  readonly canAsk: boolean;
  /** Writes lines to standard output. */
  print(text: string): void;
  /** Writes bytes to standard output. */
  write(bytes: Uint8Array): void;
  /** Writes lines to standard error. */
  note(text: string): void;
  /** Draws a line of standard error again, on a terminal; elsewhere it is a line like any other. */
  status(text: string): void;
  /** Colours text for standard output. */
  style(format: Format, text: string): string;
  /** Emits once when the command should stop: Ctrl-C, SIGTERM, or a reader of standard output that left. */
  readonly stop$: Observable<'interrupted' | 'closed'>;
}

/** Creates the {@link Terminal} of this process. */
export function createTerminal(process: NodeJS.Process): Terminal {
  const { stdout, stderr, stdin, env } = process;
  const closed$ = new Subject<void>();
  let statusLine = false;
  for (const stream of [stdout, stderr]) {
    stream.on('error', (error) => {
      // A reader such as `head` that has enough closes the pipe.
      if (reasonOf(error).code !== 'EPIPE') throw error;
      closed$.next();
    });
  }
  const colours = hasColours(stdout, env);
  const clear = (): void => {
    if (statusLine) stderr.write('\r\u001B[2K');
    statusLine = false;
  };
  const interrupts$ = merge(fromEvent(process, 'SIGINT'), fromEvent(process, 'SIGTERM')).pipe(
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
    stop$: merge(interrupts$, closed$.pipe(map(() => 'closed' as const))).pipe(take(1), share()),
  };
}

function hasColours(stdout: NodeJS.WriteStream, env: NodeJS.ProcessEnv): boolean {
  if (env['NO_COLOR']) return false;
  return stdout.isTTY && env['TERM'] !== 'dumb';
}
