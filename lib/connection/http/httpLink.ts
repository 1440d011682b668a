import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import type { EventSourceMessage } from 'eventsource-parser';
import { Observable, type MonoTypeOperatorFunction, type Subscription } from 'rxjs';
import { ConnectionFailedError } from '../../errors';
import type { RequestId } from '../../protocol';
import type { ConnectionContext } from '../connection';
import type { Carrier, Link } from '../connectSdk';
import { isResponse } from '../message';
import { parseMessage } from '../parseMessage';
import { reconnectWaits } from '../reconnectWaits';
import { toTypedError } from '../toTypedError';
import { eventsOf, type RetryHint } from './eventsOf';
import { createFetchSeam, type OpenGet } from './fetchSeam';
import { followPost } from './followPost';
import type { HttpOptions } from './httpOptions';
import { listen$ } from './listen';
import { createRepetition } from './repetition';
import { watchdog, type Pulse } from './watchdog';

/**
 * Streamable HTTP. The SDK's transport sends, authorizes and knows the session; all that comes back is read here, through
 * the `fetch` it is given.
 */
export function httpLink(url: URL, options: HttpOptions, context: ConnectionContext, carrier: Carrier): Link {
  const { hub, scheduler } = context;
  const hint: RetryHint = {};
  const pulse: Pulse = { heardAt: scheduler.now() };
  const gets = new Map<string, OpenGet>();
  const answers = new Map<unknown, Subscription>();
  const isRepeated = createRepetition();
  const waits = () => reconnectWaits(options.reconnect, scheduler, true);
  const watched = watchdog(options.watchdog ?? 'auto', pulse, scheduler);
  let opens = 0;

  /** Cold; a GET after the given event. The SDK is told an id that stands for the request, and never sees the real one. */
  function open$(
    lastEventId: string | undefined,
    guard?: MonoTypeOperatorFunction<string>,
    opened?: () => void,
  ): Observable<EventSourceMessage> {
    return new Observable((subscriber) => {
      const controller = new AbortController();
      const key = `rx-mcp-${String(opens++)}`;
      let isOpen = false;
      gets.set(key, {
        lastEventId,
        signal: controller.signal,
        opened: (body) => {
          isOpen = true;
          gets.delete(key);
          opened?.();
          subscriber.add(eventsOf(body, hint, scheduler, guard).subscribe(subscriber));
        },
      });
      subscriber.add(() => {
        gets.delete(key);
        controller.abort();
      });

      async function ask(): Promise<void> {
        await transport.resumeStream(key);
        // Having authorized, the SDK asks again without the id.
        if (!isOpen && !subscriber.closed) await transport.resumeStream(key);
        if (!isOpen) throw new ConnectionFailedError('listening: the server did not open a stream', { status: 405 });
      }
      ask().catch((cause: unknown) => {
        if (!isOpen) subscriber.error(toTypedError(cause, 'listening'));
      });
    });
  }

  /** Passes on what an event holds. Returns the id of the request that it answers, if it answers one. */
  function take(event: EventSourceMessage): RequestId | undefined {
    const { data, event: type = 'message' } = event;
    if (!data || type !== 'message' || isRepeated(event)) return undefined;
    const message = parseMessage(data, hub.report);
    if (message === undefined) return undefined;
    carrier.receive(message);
    return isResponse(message) && 'id' in message ? message.id : undefined;
  }

  const transport = new StreamableHTTPClientTransport(url, {
    authProvider: options.authProvider,
    requestInit: { headers: options.headers },
    // The SDK is to open nothing again: that is done here.
    reconnectionOptions: {
      maxRetries: 0,
      initialReconnectionDelay: 0,
      maxReconnectionDelay: 0,
      reconnectionDelayGrowFactor: 1,
    },
    fetch: createFetchSeam({
      fetch: options.fetch ?? fetch,
      canAuthorize: options.authProvider !== undefined,
      gets,
      receive: carrier.receive,
      streamed: (id, body) => {
        const answer = followPost({
          answer$: eventsOf(body, hint, scheduler),
          resume$: (lastEventId) => open$(lastEventId),
          take: (event) => take(event) === id,
          refuse: (error) => {
            carrier.refuse(id, error);
          },
          waits,
        });
        if (answer.closed) return;
        answers.set(id, answer);
        answer.add(() => answers.delete(id));
        carrier.running.add(answer);
      },
      cancelled: (id) => answers.get(id)?.unsubscribe(),
    }),
  });

  return {
    transport,
    // Whatever the SDK's transport could tell of has been dealt with at the seam.
    onerror: () => undefined,
    listen$: listen$({
      open$: (lastEventId, opened) => open$(lastEventId, watched, opened),
      take,
      waits,
      hub,
      pulse,
      scheduler,
    }),
    terminate: () => transport.terminateSession(),
  };
}
