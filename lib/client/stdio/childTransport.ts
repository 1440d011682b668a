import { getDefaultEnvironment } from '@modelcontextprotocol/sdk/client/stdio.js';
import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js';
import type { JSONRPCMessage } from '@modelcontextprotocol/sdk/types.js';
import spawn from 'cross-spawn';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import type { Readable } from 'node:stream';
import { setImmediate } from 'node:timers/promises';
import { firstValueFrom, from, race, type SchedulerLike, timer } from 'rxjs';
import { ConnectionLostError } from '../../errors';
import { parseMessage } from '../../protocol/message';
import { isObject } from '../../util/isObject';
import { toTypedError } from '../connection/toTypedError';
import { createLineReader } from './lineReader';
import type { StdioServer } from './stdioServer';

/** What a {@link ChildTransport} needs around it. */
interface ChildTransportOptions {
  /** Gets what the process writes to its standard error, when that is a pipe. */
  onStderr(text: string): void;
  /** The process has ended: in words, how. */
  onExit(how: string): void;
  /** The clock of its patience. */
  scheduler: SchedulerLike;
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
  readonly #options: ChildTransportOptions;
  #child: ChildProcess | undefined;
  #ended: Promise<void> = Promise.resolve();
  #closing: Promise<void> | undefined;
  #flushed: Promise<void> | undefined;

  constructor(server: StdioServer, options: ChildTransportOptions) {
    this.#server = server;
    this.#options = options;
  }

  async start(): Promise<void> {
    const { command, args = [], env, cwd, stderr = 'inherit' } = this.#server;
    try {
      const child = spawn(command, [...args], {
        env: { ...getDefaultEnvironment(), ...env },
        cwd,
        stdio: ['pipe', 'pipe', stderr],
        windowsHide: true,
      });
      this.#attach(child);
      await once(child, 'spawn');
    } catch (cause) {
      this.#child = undefined;
      // Arguments may be secrets.
      if (isObject(cause)) Reflect.deleteProperty(cause, 'spawnargs');
      // A directory that is not there is told as a command that is not there.
      throw toTypedError(cause, `starting ${command}${cwd === undefined ? '' : ` in ${cwd}`}`);
    }
  }

  send(message: JSONRPCMessage): Promise<void> {
    const stdin = this.#child?.stdin;
    if (!stdin?.writable) return Promise.reject(new ConnectionLostError('the process has ended'));
    if (stdin.write(JSON.stringify(message) + '\n')) return Promise.resolve();
    // One for all who wait: each listener of their own would be one too many for a pipe.
    return (this.#flushed ??= new Promise((resolve) => {
      const flush = (): void => {
        stdin.off('drain', flush).off('close', flush);
        this.#flushed = undefined;
        resolve();
      };
      stdin.on('drain', flush).on('close', flush);
    }));
  }

  close(): Promise<void> {
    return (this.#closing ??= this.#close());
  }

  async #close(): Promise<void> {
    this.#child?.stdin?.end();
    await this.#endedInTime();
    this.#child?.kill('SIGTERM');
    await this.#endedInTime();
    this.#child?.kill('SIGKILL');
    await this.#ended;
  }

  /** Resolves when the process has ended, or has had its time. */
  async #endedInTime(): Promise<void> {
    await firstValueFrom(race(from(this.#ended), timer(patience, this.#options.scheduler)));
  }

  #attach(child: ChildProcess): void {
    this.#child = child;
    this.#ended = new Promise<void>((resolve) => {
      child.once('exit', resolve);
      // A process that could not be started will not end either.
      child.once('error', () => {
        if (child.pid === undefined) resolve();
      });
    }).then(() => this.#end(child));
    const report = (error: Error): void => {
      if (child.pid !== undefined) this.onerror?.(error);
    };
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
    child.on('error', report);
    child.stdout?.on('data', read).on('error', report);
    child.stderr?.setEncoding('utf8').on('data', this.#options.onStderr);
    // A process that has ended is told by its exit. One that lives on, and has closed a pipe, is of no use any more.
    const end = (): void => {
      void this.close();
    };
    child.stdout?.on('end', end);
    child.stdin?.on('error', end);
  }

  async #end(child: ChildProcess): Promise<void> {
    await waitForDrain(child.stdout);
    for (const stream of [child.stdin, child.stdout, child.stderr]) stream?.destroy();
    this.#child = undefined;
    if (child.pid === undefined) return;
    this.#options.onExit(child.signalCode ? `by ${child.signalCode}` : `with code ${String(child.exitCode)}`);
    this.onclose?.();
  }
}

/** No pipe holds more than can be read in so many turns; what still comes then is written by somebody else who holds it. */
const mostTurns = 1_000;

/** Resolves when what a process had written has been read: when a turn of the event loop brings nothing more. */
async function waitForDrain(stdout: Readable | null): Promise<void> {
  let heard = true;
  const hear = (): void => {
    heard = true;
  };
  stdout?.on('data', hear);
  for (let turn = 0; heard && turn < mostTurns; turn++) {
    heard = false;
    await setImmediate();
    await setImmediate();
  }
  stdout?.off('data', hear);
}
