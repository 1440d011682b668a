import type { EventSourceMessage } from 'eventsource-parser';
import {
  firstValueFrom,
  ignoreElements,
  Observable,
  ReplaySubject,
  Subject,
  type Subscriber,
  Subscription,
  tap,
  timer,
} from 'rxjs';
import { ConnectionFailedError } from '../../../errors';
import { parseMessage } from '../../../protocol/message';
import type { RequestId } from '../../../protocol/types';
import { runAbortable } from '../../../util/abort';
import type { EngineContext } from '../../connection/connection';
import type { HttpOptions } from '../../connection/connector';
import { drainTimeoutMs } from '../../connection/limits';
import { toTypedError } from '../../connection/toTypedError';
import { readText } from '../../http/readBody';
import { type Answer, answersRequest, parseJson, withId } from '../../http/readAnswer';
import { maxMessageLength } from '../../http/sse/eventParser';
import { readEvents } from '../../http/sse/readEvents';
import type { StreamHealth } from '../../http/sse/streamWatchdog';
import type { Wire } from '../wire';
import { lazyAuthorizer } from './lazyAuthorizer';
import { Endpoint } from './endpoint';
import { GetStreams } from './getStreams';
import type { ServerMemory } from './streamSupport';

/** The maximum length of the address in the `endpoint` event, in characters. */
const maxEndpointLength = 8_192;

/**
 * Creates the wire for HTTP with SSE, the transport of protocol 2024-11-05. All messages arrive on one stream, and the
 * connection ends with this stream. Its first event, `endpoint`, contains the address to send messages to.
 */
export function httpWithSse(url: URL, options: HttpOptions, context: EngineContext, memory: ServerMemory): Wire {
  const { hub, scheduler } = context;
  const running = new Subscription();
  const received$ = new Subject<unknown>();
  const opened$ = new ReplaySubject<void>(1);
  const health: StreamHealth = { lastLiveAt: scheduler.now() };
  let sendTo = url;
  let isOpen = false;

  const host = { scheduler, postUrl: () => sendTo, readAcknowledgement };
  const endpoint = new Endpoint(url, options, lazyAuthorizer(options, url, running), host);
  const streams = new GetStreams({ endpoint, hint: {}, scheduler });

  /** Reads the response to a POST. Some servers never end its body, so reading has a time limit. */
  async function readAcknowledgement(response: Response, id: RequestId): Promise<Answer> {
    const text = await readText(response, maxMessageLength, timer(drainTimeoutMs, scheduler));
    const message = withId(parseJson(text), id);
    return answersRequest(message, id) ? { kind: 'message', message } : { kind: 'accepted' };
  }

  function onEvent({ event = 'message', data }: EventSourceMessage): void {
    if (event === 'endpoint') {
      try {
        sendTo = endpointOf(data, url);
      } catch (error) {
        if (!isOpen) throw error;
        // Keep the first address, which still works.
        hub.report(toTypedError(error, 'connecting'));
      }
      isOpen = true;
      opened$.next();
    } else if (event === 'message') {
      const message = parseMessage(data, hub.report);
      if (message !== undefined) received$.next(message);
    }
  }

  /** Delivers a JSON-RPC response in the response to a POST, where some servers send it instead of on the stream. */
  function onAnswer(answer: Answer, subscriber: Subscriber<never>): void {
    if (answer.kind === 'message') received$.next(answer.message);
    if (answer.kind !== 'stream') {
      subscriber.complete();
      return;
    }
    readEvents(answer.body, { hint: {}, scheduler, mayEnd: () => true })
      .pipe(
        tap((events) => {
          for (const event of events) if (event.event !== 'endpoint') onEvent(event);
        }),
        ignoreElements(),
      )
      .subscribe(subscriber);
  }

  function fail(error: unknown): void {
    opened$.error(error);
    received$.error(error);
  }

  return {
    messages$: new Observable((subscriber) => {
      running.add(received$.subscribe(subscriber));
      running.add(
        streams.open$(undefined, undefined, undefined, { limit: options.watchdog ?? 'auto', health }).subscribe({
          next(events) {
            try {
              events.forEach(onEvent);
            } catch (error) {
              fail(error);
            }
          },
          error: fail,
        }),
      );
      return () => {
        running.unsubscribe();
      };
    }),
    open: () => firstValueFrom(opened$),
    send: (message) =>
      new Observable((subscriber) => {
        running.add(subscriber);
        runAbortable(
          subscriber,
          (signal) => endpoint.post(message, signal),
          (answer) => {
            onAnswer(answer, subscriber);
          },
        );
      }),
    setProtocolVersion(version) {
      endpoint.version = version;
      memory.lastTransport = 'sse';
      return Promise.resolve();
    },
    lastLiveAt: () => health.lastLiveAt,
    close: () => Promise.resolve(),
  };
}

/**
 * Returns the URL to send messages to.
 *
 * @throws `ConnectionFailedError` if the address is invalid, too long, or has a different origin.
 */
function endpointOf(address: string, url: URL): URL {
  if (address.length > maxEndpointLength) {
    throw new ConnectionFailedError(`connecting: endpoint exceeds ${String(maxEndpointLength)} characters`);
  }
  const endpoint = URL.canParse(address, url) ? new URL(address, url) : undefined;
  if (endpoint?.origin !== url.origin) {
    throw new ConnectionFailedError('connecting: endpoint has a different origin', { retryable: false });
  }
  return endpoint;
}
