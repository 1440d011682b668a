import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js';
import type { JSONRPCMessage } from '@modelcontextprotocol/sdk/types.js';
import { type SchedulerLike, Subscription } from 'rxjs';
import { ConnectionFailedError, ConnectionLostError, SessionExpiredError, UnauthorizedError } from '../../errors';
import type { Hub } from '../../notification/hub';
import { errorCode } from '../../protocol/errorCodes';
import { isObject } from '../../util/isObject';
import { type RecordedError, type RecordedMessage } from './format';
import { differingParam, isRequest, isResponse, isSameRequest, nameOf, progressTokenOf } from './matching';
import { createReplaySubscriptions, isListen, withSubscription } from './replaySubscriptions';
import type { ConnectionScript, ScriptedEvent, ScriptedRequest } from './script';

export interface ReplayOptions {
  match: 'ordered' | 'any';
  pace: 'recorded' | 'asap';
  scheduler: SchedulerLike;
  /** The recorded requests that may match, in order. */
  requests: readonly ScriptedRequest[];
  /** The recorded requests whose responses have not been used yet. */
  unused: Set<ScriptedRequest>;
  /** Emits the recorded gaps within a connection. */
  hub: Pick<Hub, 'gaps$'>;
}

/** Creates a transport that replays one recorded connection. */
export function createReplayTransport(script: ConnectionScript, options: ReplayOptions): Transport {
  const { match, pace, scheduler, hub, requests, unused } = options;
  const running = new Subscription();
  const subscriptions = createReplaySubscriptions(script.requests, deliver);
  let startedAt: number | undefined;
  let isClosed = false;

  const transport: Transport = {
    async start() {
      if (!script.hasOpened) {
        const { t = script.startedAt, error } = script.lost ?? {};
        await new Promise<void>((resolve) => at(t, resolve));
        throw errorOf(error);
      }
    },
    send(sent) {
      const message = toRecord(sent);
      begin();
      if (match === 'any') follow(message);
      if (!isRequest(message) || (match === 'any' && isListen(message))) return Promise.resolve();
      const request = take(message);
      if (request) answer(request, message);
      else if (message['method'] === 'ping') deliver({ jsonrpc: '2.0', id: message['id'], result: {} });
      else deliver(notRecorded(message));
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

  /** Starts the replay when the client sends its first message. Recorded times count from there. */
  function begin(): void {
    if (startedAt !== undefined) return;
    startedAt = scheduler.now();
    if (pace === 'asap') return;
    for (const event of script.events) at(event.t, () => play(event));
    if (match === 'any')
      for (const { t, message } of subscriptions.notifications) at(t, () => subscriptions.play(message));
    if (script.lost) at(script.lost.t, failConnection);
  }

  /** Runs `work` at a recorded time or, with `pace: 'asap'`, as soon as possible. */
  function at(t: number, work: () => void): void {
    startedAt ??= scheduler.now();
    const due = startedAt + t - script.startedAt;
    const delay = pace === 'asap' ? 0 : Math.max(0, due - scheduler.now());
    running.add(scheduler.schedule(work, delay));
  }

  /** Tracks the subscriptions of the client, which may differ from the recorded ones. */
  function follow(message: RecordedMessage): void {
    const params = isObject(message['params']) ? message['params'] : {};
    if (message['method'] === 'notifications/cancelled') subscriptions.close(params['requestId']);
    if (!isListen(message)) return;
    subscriptions.open(message);
    if (pace === 'asap') subscriptions.playRest();
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

  /**
   * Sends the recorded progress and response with the id and progress token of the client's request, after the recorded
   * delays.
   */
  function answer(request: ScriptedRequest, message: RecordedMessage): void {
    const sentAt = scheduler.now();
    for (const recorded of request.answers) {
      const delay = pace === 'asap' ? 0 : Math.max(0, sentAt + recorded.t - request.t - scheduler.now());
      running.add(scheduler.schedule(() => deliver(withIdsOf(recorded.message, message)), delay));
    }
  }

  let played = 0;
  /** With `pace: 'asap'`, replays the events that precede the next recorded request. */
  function playUpTo(t: number): void {
    for (let event = script.events[played]; event && event.t <= t; event = script.events[played]) {
      const due = event;
      played++;
      running.add(scheduler.schedule(() => play(due)));
    }
    // With `match: 'any'`, the client may send more requests, so the connection stays open.
    if (match === 'ordered' && script.lost && script.lost.t <= t) running.add(scheduler.schedule(failConnection));
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

  function failConnection(): void {
    if (isClosed) return;
    isClosed = true;
    running.unsubscribe();
    transport.onclose?.();
  }

  function notRecorded(message: RecordedMessage): RecordedMessage {
    return {
      jsonrpc: '2.0',
      id: message['id'],
      error: {
        code: errorCode.invalidParams,
        message: `replaying: ${nameOf(message)} is not in the recording${mismatchOf(message)}`,
      },
    };
  }

  /** Returns what the request differs in, or the request that is expected in its place, to append to the error. */
  function mismatchOf(message: RecordedMessage): string {
    if (match === 'any') {
      const [member] = requests.flatMap((request) => differingParam(request.message, message) ?? []);
      return member === undefined ? '' : `; a recorded request differs in ${member}`;
    }
    const [first] = unused;
    if (!first) return '';
    const member = differingParam(first.message, message);
    return `; the next recorded request ${member === undefined ? `is ${nameOf(first.message)}` : `differs in ${member}`}`;
  }

  return transport;
}

/** Changes the type of a message to a record. */
function toRecord(message: object): RecordedMessage {
  return Object.fromEntries(Object.entries(message));
}

/**
 * Narrows the type of a message. Accepts invalid messages as well, so that the client receives exactly what was
 * recorded.
 */
function isJsonRpc(message: RecordedMessage): message is RecordedMessage & JSONRPCMessage {
  return isObject(message);
}

function withIdsOf(recorded: RecordedMessage, request: RecordedMessage): RecordedMessage {
  if (!('method' in recorded)) return { ...recorded, id: request['id'] };
  if (isListen(request)) return withSubscription(recorded, request['id']);
  const params = isObject(recorded['params']) ? recorded['params'] : {};
  return { ...recorded, params: { ...params, progressToken: progressTokenOf(request) } };
}

/** Creates the typed error for a recorded error. */
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
