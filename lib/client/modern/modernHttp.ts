import type { EventSourceMessage } from 'eventsource-parser';
import type { Subscription } from 'rxjs';
import type { EngineContext } from '../connection/connection';
import { createAuthorizer } from '../http/authorizer';
import { readEvents, type RetryHint } from '../http/sse/readEvents';
import { type Answer, answersRequest } from '../http/readAnswer';
import type { HttpOptions } from '../connection/connector';
import { limitBody } from '../http/readBody';
import { type StreamHealth, watchdog } from '../http/sse/watchdog';
import { ConnectionLostError, ServerError } from '../../errors';
import { errorCode } from '../../protocol/errorCodes';
import { parseMessage } from '../../protocol/message';
import type { RequestId } from '../../protocol/types';
import type { EngineTransport, ConnectionControl } from './engineTransport';
import { interceptFetch } from './interceptFetch';
import { isSubscriptionId } from './subscription/subscriptionId';
import type { Sdk } from './loadSdk';
import { modernAuthorization } from './modernAuthorization';

/** How long a stream may go on after the answer, in milliseconds: a server that does not end it is not to hold a socket. */
const linger = 5_000;

/**
 * Streamable HTTP, of the modern era: each request is answered on a stream of its own, and nothing is resumed. The SDK's
 * transport sends and authorizes; all that comes back is read here, through the `fetch` it is given.
 */
export function modernHttp(
  sdk: Sdk,
  url: URL,
  options: HttpOptions,
  { hub, scheduler }: EngineContext,
  { receive, refuse, running }: ConnectionControl,
): EngineTransport {
  const hint: RetryHint = {};
  const pulse: StreamHealth = { lastHeardAt: scheduler.now() };
  const { fetch: request = fetch, authProvider, headers, watchdog: limit = 'auto' } = options;
  const watched = watchdog(limit, pulse, scheduler);
  const ending = new AbortController();
  running.add(() => {
    ending.abort();
  });
  const streams = new Map<RequestId, Subscription>();

  /** Passes on what an event holds; returns whether it answers the request. */
  function take({ data, event: type = 'message' }: EventSourceMessage, id: RequestId): boolean {
    const message = data && type === 'message' ? parseMessage(data, hub.report) : undefined;
    if (message === undefined) return false;
    receive(message);
    return answersRequest(message, id);
  }

  function streamed(id: RequestId, body: ReadableStream<Uint8Array>): void {
    let answered = false;
    const guard = isSubscriptionId(id) ? watched : undefined;
    const answer = readEvents(body, { hint, scheduler, guard, isOver: () => answered }).subscribe({
      next: (events) => {
        // What takes the place of a subscription ends it, and has what comes after.
        for (const event of events) if (!answer.closed && take(event, id)) over();
      },
      error: (cause: unknown) => {
        if (answered) return;
        const lost = isSubscriptionId(id) && cause instanceof ConnectionLostError;
        refuse(id, lost ? cause : new ConnectionLostError('the stream was cut before the answer came', { cause }));
      },
    });
    if (answer.closed) return;
    streams.set(id, answer);
    answer.add(() => {
      if (streams.get(id) === answer) streams.delete(id);
    });
    running.add(answer);

    function over(): void {
      if (answered) return;
      answered = true;
      answer.add(
        scheduler.schedule(() => {
          answer.unsubscribe();
        }, linger),
      );
    }
  }

  const authorizer =
    authProvider &&
    createAuthorizer(
      authProvider,
      modernAuthorization(sdk, authProvider, url, async (to, init) =>
        limitBody(await request(to, { ...init, signal: ending.signal })),
      ),
    );

  /** Takes what a request was answered with. */
  function answered(id: RequestId, answer: Answer): void {
    if (answer.kind === 'stream') streamed(id, answer.body);
    if (answer.kind !== 'message') return;
    receive(answer.message);
    // No more is coming. What was answered may have been requested again by now, under the same id.
    if (!answersRequest(answer.message, id))
      refuse(id, new ServerError('the answer was to another request', { code: errorCode.internalError }));
  }

  const transport = new sdk.StreamableHTTPClientTransport(url, {
    authProvider,
    requestInit: { headers },
    fetch: interceptFetch({ fetch: request, authorizer, answered, scheduler }),
  });
  return {
    transport,
    // Whatever the SDK's transport could tell of has been dealt with at the seam.
    onerror: () => undefined,
    abandoned: (id) => streams.get(id)?.unsubscribe(),
    health: pulse,
  };
}
