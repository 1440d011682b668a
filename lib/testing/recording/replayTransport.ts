import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js';
import type { JSONRPCMessage } from '@modelcontextprotocol/sdk/types.js';
import { type SchedulerLike, Subscription } from 'rxjs';
import { ConnectionFailedError, ConnectionLostError, SessionExpiredError, UnauthorizedError } from '../../errors';
import type { Hub } from '../../notification/hub';
import { errorCode } from '../../protocol/errorCodes';
import { isObject } from '../../util/isObject';
import { type RecordedError, type RecordedMessage } from './format';
import { isRequest, isResponse, isSameRequest, nameOf, progressTokenOf } from './matching';
import type { ConnectionScript, ScriptedEvent, ScriptedRequest } from './script';

/** How a {@link ConnectionScript} is replayed. */
export interface ReplayOptions {
  match: 'ordered' | 'any';
  pace: 'recorded' | 'asap';
  scheduler: SchedulerLike;
  /** The recorded requests that may answer, in order. */
  requests: readonly ScriptedRequest[];
  /** Those of them that have not answered yet. */
  unused: Set<ScriptedRequest>;
  /** Receives the gaps within a connection. */
  hub: Pick<Hub, 'gaps$'>;
}

/** Creates a transport that replays one recorded connection. */
export function createReplayTransport(script: ConnectionScript, options: ReplayOptions): Transport {
  const { match, pace, scheduler, hub, requests, unused } = options;
  const running = new Subscription();
  let startedAt: number | undefined;
  let isClosed = false;

  const transport: Transport = {
    async start() {
      if (!script.opened) {
        const { t = script.startedAt, error } = script.lost ?? {};
        await new Promise<void>((resolve) => at(t, resolve));
        throw errorOf(error);
      }
    },
    send(sent) {
      const message = asRecord(sent);
      begin();
      if (!isRequest(message)) return Promise.resolve();
      const request = take(message);
      if (request) answer(request, message);
      else if (message['method'] === 'ping') deliver({ jsonrpc: '2.0', id: message['id'], result: {} });
      else deliver(refusal(message));
      if (pace === 'asap') playUpTo(earliestUnused());
      return Promise.resolve();
    },
    close() {
      if (!isClosed) {
        isClosed = true;
        running.unsubscribe();
        transport.onclose?.();
      }
      return Promise.resolve();
    },
  };

  /** The recorded times count from the first message of the client. */
  function begin(): void {
    if (startedAt !== undefined) return;
    startedAt = scheduler.now();
    if (pace === 'asap') return;
    for (const event of script.events) at(event.t, () => play(event));
    if (script.lost) at(script.lost.t, lose);
  }

  /** Runs work at a recorded time, counted from the beginning of the connection; as soon as possible with `asap`. */
  function at(t: number, work: () => void): void {
    startedAt ??= scheduler.now();
    const due = startedAt + t - script.startedAt;
    const delay = pace === 'asap' ? 0 : Math.max(0, due - scheduler.now());
    running.add(scheduler.schedule(work, delay));
  }

  function take(message: RecordedMessage): ScriptedRequest | undefined {
    const [first] = unused;
    const equal = requests.filter((request) => isSameRequest(request.message, message));
    const answered = equal.filter((request) => request.answers.some((answer) => isResponse(answer.message)));
    const found =
      match === 'any'
        ? (answered.find((request) => unused.has(request)) ?? answered.at(-1))
        : equal.find((request) => request === first);
    if (found) unused.delete(found);
    return found;
  }

  /** Sends the recorded answers with the id and the progress token of the request, as long after it as they came. */
  function answer(request: ScriptedRequest, message: RecordedMessage): void {
    const sentAt = scheduler.now();
    for (const recorded of request.answers) {
      const delay = pace === 'asap' ? 0 : Math.max(0, sentAt + recorded.t - request.t - scheduler.now());
      running.add(scheduler.schedule(() => deliver(rewritten(recorded.message, message)), delay));
    }
  }

  let played = 0;
  /** With `asap`: plays what came before the first request that is still to be made. */
  function playUpTo(t: number): void {
    for (let event = script.events[played]; event && event.t <= t; event = script.events[played]) {
      const due = event;
      played++;
      running.add(scheduler.schedule(() => play(due)));
    }
    // Any request may still come, so the connection is kept.
    if (match === 'ordered' && script.lost && script.lost.t <= t) running.add(scheduler.schedule(lose));
  }

  function earliestUnused(): number {
    const [first] = match === 'any' ? [] : unused;
    return first?.t ?? Infinity;
  }

  function play(event: ScriptedEvent): void {
    if (event.kind === 'message') {
      deliver(event.message);
      return;
    }
    const offset = (startedAt ?? 0) - script.startedAt;
    const cause = new ConnectionLostError('replaying: the recording has a gap');
    hub.gaps$.next({ since: event.since + offset, until: event.until + offset, cause });
  }

  function deliver(message: RecordedMessage): void {
    if (!isClosed && isJsonRpc(message)) transport.onmessage?.(message);
  }

  function lose(): void {
    if (isClosed) return;
    isClosed = true;
    running.unsubscribe();
    transport.onclose?.();
  }

  function refusal(message: RecordedMessage): RecordedMessage {
    const [first] = unused;
    const expected = match === 'ordered' && first ? `; the next recorded request is ${nameOf(first.message)}` : '';
    return {
      jsonrpc: '2.0',
      id: message['id'],
      error: { code: errorCode.invalidParams, message: `${nameOf(message)} is not in the recording${expected}` },
    };
  }

  return transport;
}

/** Reads a message as the plain object that it is. */
function asRecord(message: object): RecordedMessage {
  return Object.fromEntries(Object.entries(message));
}

/** A replayed message goes to the client as it was recorded, conforming or not: judging it is the client's part. */
function isJsonRpc(message: RecordedMessage): message is RecordedMessage & JSONRPCMessage {
  return isObject(message);
}

function rewritten(recorded: RecordedMessage, request: RecordedMessage): RecordedMessage {
  if (!('method' in recorded)) return { ...recorded, id: request['id'] };
  const params = isObject(recorded['params']) ? recorded['params'] : {};
  return { ...recorded, params: { ...params, progressToken: progressTokenOf(request) } };
}

/** Creates the typed error that a recording names. */
function errorOf(error: RecordedError | undefined): Error {
  const message = error?.message ?? 'replaying: the attempt failed';
  switch (error?.name) {
    case 'ConnectionLostError':
      return new ConnectionLostError(message);
    case 'SessionExpiredError':
      return new SessionExpiredError(message);
    case 'UnauthorizedError':
      return new UnauthorizedError(message);
    default:
      return new ConnectionFailedError(message);
  }
}
