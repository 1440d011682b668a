import { getDefaultEnvironment } from '@modelcontextprotocol/sdk/client/stdio.js';
import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js';
import type { JSONRPCMessage } from '@modelcontextprotocol/sdk/types.js';
import spawn from 'cross-spawn';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import type { Readable } from 'node:stream';
import { setImmediate } from 'node:timers/promises';
import { firstValueFrom, from, race, type SchedulerLike, timer } from 'rxjs';
import { ConnectionFailedError, ConnectionLostError } from '../../errors';
import { parseMessage } from '../../protocol/message';
import { isObject } from '../../util/isObject';
import { toTransportError } from '../connection/toTransportError';
import { createLineReader } from './lineReader';
import type { StdioServer } from './stdioServer';

/** Options for {@link ChildTransport}. */
interface ChildTransportOptions {
  /** Called with each chunk of standard error, if `stderr` is `'pipe'`. */
  onStderr(text: string): void;
  /** Called when the process has exited, with the exit code or signal as text. */
  onExit(reason: string): void;
  /** The scheduler for the shutdown timeouts. */
  scheduler: SchedulerLike;
}

/** Grace period after closing stdin, and again after SIGTERM, in milliseconds. */
const exitTimeoutMs = 2_000;

/**
 * A transport over the standard input and output of a child process. Closes when the process exits. Unlike the SDK's
 * stdio transport, does not wait until the output is closed, because a grandchild process that inherited the output may
 * keep it open.
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
        // A separate process group allows ending the processes that a launcher such as `npx` has started, too.
        detached: process.platform !== 'win32',
        windowsHide: true,
      });
      this.#attach(child);
      await once(child, 'spawn');
    } catch (cause) {
      this.#child = undefined;
      // Arguments may contain secrets.
      if (isObject(cause)) Reflect.deleteProperty(cause, 'spawnargs');
      const [name = '', argument] = command.split(/\s+/, 2);
      if (argument !== undefined && !/[\\/]/.test(name) && isObject(cause) && cause['code'] === 'ENOENT') {
        const message = `starting ${name}: command not found (arguments must be members of args)`;
        throw new ConnectionFailedError(message, { retryable: false });
      }
      // The platform reports a missing directory as a missing command, so the message contains both.
      throw toTransportError(cause, `starting ${command}${cwd === undefined ? '' : ` in ${cwd}`}`);
    }
  }

  send(message: JSONRPCMessage): Promise<void> {
    const stdin = this.#child?.stdin;
    if (!stdin?.writable) return Promise.reject(new ConnectionLostError('sending: the process has exited'));
    if (stdin.write(JSON.stringify(message) + '\n')) return Promise.resolve();
    // All pending sends share one listener, because Node warns of a leak if there are many.
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
    await this.#exitedInTime();
    if (this.#child) killTree(this.#child, 'SIGTERM');
    await this.#exitedInTime();
    if (this.#child) killTree(this.#child, 'SIGKILL');
    await this.#ended;
  }

  /** Resolves when the process has exited, or when the grace period ends. */
  async #exitedInTime(): Promise<void> {
    await firstValueFrom(race(from(this.#ended), timer(exitTimeoutMs, this.#options.scheduler)));
  }

  #attach(child: ChildProcess): void {
    this.#child = child;
    this.#ended = new Promise<void>((resolve) => {
      child.once('exit', resolve);
      // A process that could not be spawned does not emit `exit`.
      child.once('error', () => {
        if (child.pid === undefined) resolve();
      });
    }).then(() => this.#end(child, readRest));
    const report = (error: Error): void => {
      if (child.pid !== undefined) this.onerror?.(error);
    };
    const lines = createLineReader(
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
    child.stdout?.on('data', lines.read).on('error', report);
    child.stderr?.setEncoding('utf8').on('data', this.#options.onStderr);
    // A process that has closed a pipe is not usable, even if it keeps running.
    const close = (): void => {
      void this.close();
    };
    // The last line may have no line ending.
    const readRest = (): void => {
      const message = parseMessage(lines.rest(), () => undefined);
      if (isObject(message) || Array.isArray(message)) this.onmessage?.(message);
    };
    child.stdout?.on('end', readRest).on('end', close);
    child.stdin?.on('error', close);
  }

  async #end(child: ChildProcess, readRest: () => void): Promise<void> {
    await waitForDrain(child.stdout);
    readRest();
    for (const stream of [child.stdin, child.stdout, child.stderr]) stream?.destroy();
    this.#child = undefined;
    if (child.pid === undefined) return;
    // Ends the processes that the child process has started and not ended.
    killTree(child, 'SIGTERM');
    this.#options.onExit(child.signalCode ? `by ${child.signalCode}` : `with code ${String(child.exitCode)}`);
    this.onclose?.();
  }
}

/** Sends a signal to a process and all processes that it has started. On Windows, ends them. */
function killTree(child: ChildProcess, signal: NodeJS.Signals): void {
  const { pid } = child;
  if (pid === undefined) return;
  if (process.platform === 'win32') {
    spawn('taskkill', ['/pid', String(pid), '/T', '/F'], { stdio: 'ignore', windowsHide: true }).on('error', () =>
      child.kill(signal),
    );
    return;
  }
  try {
    process.kill(-pid, signal);
  } catch {
    // All processes of the group have ended.
  }
}

/**
 * The maximum number of turns to read for. Sufficient to empty any pipe: later output is from another process that
 * inherited it.
 */
const maxTurns = 1_000;

/** Resolves when the remaining output has been read, that is, when a turn of the event loop delivers nothing. */
async function waitForDrain(stdout: Readable | null): Promise<void> {
  let hasData = true;
  const onData = (): void => {
    hasData = true;
  };
  stdout?.on('data', onData);
  for (let turn = 0; hasData && turn < maxTurns; turn++) {
    hasData = false;
    await setImmediate();
    await setImmediate();
  }
  stdout?.off('data', onData);
}
