import { once } from 'node:events';
import { createInterface } from 'node:readline';
import spawn from 'cross-spawn';
import { ConnectionFailedError } from '../errors';
import type { JSONRPCMessage } from '../protocol/types';
import { recordingFile } from '../testing/node/recordingFile';
import { createRecorder, type Recorder } from '../testing/recording/recorder';
import { isObject } from '../util/isObject';
import { reasonOf } from '../util/reasonOf';
import { exitCodes } from './exitCode';
import type { Terminal } from './terminal';

/**
 * Starts a server process, and relays every line between the process and the client on standard input and output.
 * Records both directions.
 *
 * @returns the exit code, when the process has exited: 0 if the client or the user ended it, otherwise 1.
 */
export async function proxy(
  [command = '', ...args]: readonly string[],
  env: Readonly<Record<string, string>>,
  path: string,
  { stop$ }: Terminal,
): Promise<number> {
  using file = recordingFile(path);
  const recorder = createRecorder(file.sink, {}, Date.now());
  const child = spawn(command, [...args], { stdio: ['pipe', 'pipe', 'inherit'], env: { ...process.env, ...env } });
  const { stdin, stdout } = child;
  if (!stdin || !stdout) throw new ConnectionFailedError(`starting ${command}: no pipes`);
  const wanted = new AbortController();
  const stop = (): void => {
    wanted.abort();
    stdin.end();
  };
  // A write error means that the process has exited, which the `exit` event reports.
  stdin.on('error', () => undefined);
  const client = createInterface({ input: process.stdin }).on('line', (line) => {
    recordLine(recorder, 'out', line);
    stdin.write(`${line}\n`);
  });
  process.stdin.on('end', stop);
  const stopped = stop$.subscribe(() => {
    stop();
    child.kill();
  });
  createInterface({ input: stdout }).on('line', (line) => {
    recordLine(recorder, 'in', line);
    process.stdout.write(`${line}\n`);
  });
  try {
    await once(child, 'close');
  } catch (cause) {
    throw new ConnectionFailedError(`starting ${command}: ${reasonOf(cause).message}`, { cause });
  } finally {
    stopped.unsubscribe();
    // Pauses standard input, which would keep this process alive. A file as standard input cannot be unreferenced.
    client.close();
    recorder.wire({ at: Date.now(), connection: 1, event: wanted.signal.aborted ? 'closed' : 'lost' });
    recorder.begin();
  }
  return wanted.signal.aborted ? exitCodes.ok : exitCodes.failure;
}

/** Records a line if it is a JSON object. The response to `initialize` is recorded as the opening of the connection. */
function recordLine(recorder: Recorder, dir: 'in' | 'out', line: string): void {
  const message = parse(line);
  if (!message) return;
  const at = Date.now();
  recorder.wire({ at, connection: 1, dir, message });
  const result: unknown = 'result' in message ? message.result : undefined;
  if (dir === 'out' || !isObject(result) || !isObject(result['serverInfo'])) return;
  const { name, version } = result['serverInfo'];
  recorder.wire({ at, connection: 1, event: 'open' });
  recorder.begin({
    serverInfo: { name: String(name), version: String(version) },
    protocolEra: 'legacy',
    protocolVersion: String(result['protocolVersion']),
  });
}

function parse(line: string): JSONRPCMessage | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return isMessage(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** Accepts any object: a proxy records invalid messages as well. */
function isMessage(value: unknown): value is JSONRPCMessage {
  return isObject(value);
}
