import { getDefaultEnvironment } from '@modelcontextprotocol/sdk/client/stdio.js';
import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js';
import type { JSONRPCMessage } from '@modelcontextprotocol/sdk/types.js';
import spawn from 'cross-spawn';
import type { ChildProcess, IOType } from 'node:child_process';
import { once } from 'node:events';
import type { Readable, Stream } from 'node:stream';
import { setImmediate, setTimeout } from 'node:timers/promises';
import { parseMessage } from '../connection/parseMessage';
import { ConnectionLostError } from '../errors';
import { createLineReader } from './lineReader';

/** How a server's process is started. */
export interface StdioServer {
  /** The program, found in `PATH`. */
  command: string;
  /** Its arguments. Default: none. */
  args?: readonly string[];
  /** Environment variables, beside the few that are always passed on (`PATH`, `HOME` and their like). Default: none. */
  env?: Readonly<Record<string, string>>;
  /** The directory it is started in. Default: the current one. */
  cwd?: string;
  /** Where its standard error goes. Default `'inherit'`; `'pipe'` makes it readable as `connector.stderr$`. */
  stderr?: IOType | Stream | number;
}

/** Milliseconds that a process has to leave when its input ends, and again when it is told to. */
const patience = 2_000;

/**
 * A server in a process of its own, over its standard input and output. It has ended when the process has: the SDK's
 * transport notices only when nobody holds its output any more, which a child of the child may do.
 */
export class ChildTransport implements Transport {
  onclose?: () => void;
  onerror?: (error: Error) => void;
  onmessage?: (message: unknown) => void;
  readonly #server: StdioServer;
  readonly #onStderr: (text: string) => void;
  readonly #onExit: (how: string) => void;
  #child: ChildProcess | undefined;
  #ended: Promise<void> | undefined;

  constructor(server: StdioServer, onStderr: (text: string) => void, onExit: (how: string) => void) {
    this.#server = server;
    this.#onStderr = onStderr;
    this.#onExit = onExit;
  }

  async start(): Promise<void> {
    const { command, args = [], env, cwd, stderr = 'inherit' } = this.#server;
    const child = spawn(command, [...args], {
      env: { ...getDefaultEnvironment(), ...env },
      cwd,
      stdio: ['pipe', 'pipe', stderr],
      windowsHide: true,
    });
    const report = (error: Error): void => this.onerror?.(error);
    const read = createLineReader(
      (line) => {
        const message = parseMessage(line, report);
        if (message !== undefined) this.onmessage?.(message);
      },
      (error) => {
        report(error);
        void this.close();
      },
    );
    child.stdout?.on('data', read).on('error', report);
    child.stderr?.setEncoding('utf8').on('data', this.#onStderr);
    // A process that has ended can not be written to; that it has ended is told by its exit.
    child.stdin?.on('error', () => undefined);
    await once(child, 'spawn');
    child.on('error', report);
    this.#child = child;
    this.#ended = once(child, 'exit').then(() => this.#end(child));
  }

  send(message: JSONRPCMessage): Promise<void> {
    const stdin = this.#child?.stdin;
    if (!stdin?.writable) return Promise.reject(new ConnectionLostError('the process has ended'));
    return new Promise((resolve) => {
      if (stdin.write(JSON.stringify(message) + '\n')) resolve();
      else stdin.once('drain', resolve).once('close', resolve);
    });
  }

  async close(): Promise<void> {
    const child = this.#child;
    if (!child || !this.#ended) return;
    child.stdin?.end();
    await this.#endedWithin(patience);
    if (this.#child) child.kill('SIGTERM');
    await this.#endedWithin(patience);
    if (this.#child) child.kill('SIGKILL');
    await this.#ended;
  }

  async #endedWithin(delay: number): Promise<void> {
    const waiting = new AbortController();
    const elapsed = setTimeout(delay, undefined, { signal: waiting.signal }).catch(() => undefined);
    await Promise.race([this.#ended, elapsed]);
    waiting.abort();
  }

  async #end(child: ChildProcess): Promise<void> {
    await drained(child.stdout);
    for (const stream of [child.stdin, child.stdout, child.stderr]) stream?.destroy();
    this.#child = undefined;
    this.#onExit(child.signalCode ? `by ${child.signalCode}` : `with code ${String(child.exitCode)}`);
    this.onclose?.();
  }
}

/** Resolves when what the process had written has been read: when a turn of the event loop brings nothing more. */
async function drained(stdout: Readable | null): Promise<void> {
  let heard = true;
  const hear = (): void => {
    heard = true;
  };
  stdout?.on('data', hear);
  while (heard) {
    heard = false;
    await setImmediate();
    await setImmediate();
  }
}
