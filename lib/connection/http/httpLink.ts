import type { OAuthClientProvider } from '@modelcontextprotocol/sdk/client/auth.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import type { TransportSendOptions } from '@modelcontextprotocol/sdk/shared/transport.js';
import type { EventSourceMessage } from 'eventsource-parser';
import { identity, pipe, type Subscription } from 'rxjs';
import type { EngineContext } from '../../client/connection/connection';
import type { ConnectorOptions, HttpOptions } from '../../client/connection/connector';
import { reconnectPolicy } from '../../client/connection/retry/reconnectPolicy';
import { skipDelayOn } from '../../client/connection/retry/retryWith';
import { type Authorizer, createAuthorizer } from '../../client/http/authorizer';
import { limitBody } from '../../client/http/readBody';
import { readEvents, type RetryHint } from '../../client/http/sse/readEvents';
import { createSeenEvents } from '../../client/http/sse/seenEvents';
import { type StreamHealth, silenceLimit, watchdog } from '../../client/http/sse/watchdog';
import { ServerError } from '../../errors';
import { errorCode } from '../../protocol/errorCodes';
import { isNotification, isRequest, isResponse, parseMessage } from '../../protocol/message';
import type { RequestId } from '../../protocol/types';
import type { Carrier, Link } from '../connectSdk';
import { createFetchSeam } from './fetchSeam';
import { type FollowOptions, followPost } from './followPost';
import { listen$, openingGrace } from './listen';
import { createOpener } from './opener';
import { sdkAuthorization } from './sdkAuthorization';

/**
 * Streamable HTTP. The SDK's transport sends and knows the session; all that comes back is read here, through
 * the `fetch` it is given.
 */
export function httpLink(
  url: URL,
  options: HttpOptions & ConnectorOptions,
  context: EngineContext,
  carrier: Carrier,
): Link {
  const { hub, retryNow$: hurry$, scheduler } = context;
  const hint: RetryHint = {};
  const pulse: StreamHealth = { lastHeardAt: scheduler.now() };
  const heads = new Map<unknown, (options: TransportSendOptions) => void>();
  const exchanges = new Map<unknown, Subscription>();
  const isRepeated = createSeenEvents();
  const waits = () => skipDelayOn(reconnectPolicy(options.reconnect, scheduler, true), hurry$);
  const { fetch: request = fetch, authProvider, watchdog: limit = 'auto' } = options;

  const { gets, ahead, open$ } = createOpener({
    resumeStream: (key) => transport.resumeStream(key),
    hint,
    patience: () => silenceLimit(limit, pulse),
    running: carrier.running,
    scheduler,
  });

  /** A server may send as soon as it is told that the client is initialized: to lose nothing, the client listens by then. */
  async function listenAhead(): Promise<void> {
    const since = scheduler.now();
    const cause = await ahead(Math.min(openingGrace, (options.connectTimeout ?? Infinity) / 4));
    pulse.openGap = cause && { since, cause };
  }

  /**
   * Passes on what an event holds. Returns the id of the request that it answers, if it answers one.
   *
   * @param asked - the id to put in the place of the answer's: that of a request which is the rest of an earlier one.
   */
  function take(event: EventSourceMessage, asked?: RequestId): RequestId | undefined {
    const { data, event: type = 'message' } = event;
    if (!data || type !== 'message') return undefined;
    const isKnown = isRepeated(event);
    if (isKnown && asked === undefined) return undefined;
    const parsed = parseMessage(data, hub.report);
    if (parsed === undefined) return undefined;
    if (!isResponse(parsed)) {
      if (!isKnown) carrier.receive(parsed);
      return undefined;
    }
    // An answer that was heard before is told again: whoever asked for it once more waits for it.
    const answer = asked === undefined ? parsed : { ...parsed, id: asked };
    carrier.receive(answer);
    return 'id' in answer ? answer.id : undefined;
  }

  /** Follows the stream that a request is answered with. */
  function follow(id: RequestId, answer$: FollowOptions['answer$'], options: TransportSendOptions): void {
    const { resumptionToken, onresumptiontoken } = options;
    const asked = resumptionToken === undefined ? undefined : id;
    const answer = followPost({
      answer$,
      resume$: (lastEventId) => open$(lastEventId),
      take: (event) => {
        if (event.id) onresumptiontoken?.(event.id);
        return take(event, asked) === id;
      },
      refuse: (error) => {
        carrier.refuse(id, error);
      },
      waits,
      scheduler,
    });
    if (answer.closed) return;
    exchanges.set(id, answer);
    answer.add(() => exchanges.delete(id));
    carrier.running.add(answer);
  }

  function authorizer(provider: OAuthClientProvider): Authorizer {
    const ending = new AbortController();
    carrier.running.add(() => {
      ending.abort();
    });
    const authorization = sdkAuthorization(provider, url, async (to, init) =>
      limitBody(await request(to, { ...init, signal: ending.signal })),
    );
    return createAuthorizer(provider, authorization);
  }

  const transport = new StreamableHTTPClientTransport(url, {
    authProvider,
    requestInit: { headers: options.headers },
    // The SDK is to open nothing again: that is done here.
    reconnectionOptions: {
      maxRetries: 0,
      initialReconnectionDelay: 0,
      maxReconnectionDelay: 0,
      reconnectionDelayGrowFactor: 1,
    },
    fetch: createFetchSeam({
      fetch: request,
      authorizer: authProvider && authorizer(authProvider),
      gets,
      received: (id, message) => {
        heads.set(id, () => {
          carrier.receive(message);
          // That was all that comes. What it has answered is not refused any more.
          carrier.refuse(id, new ServerError('the answer was to another request', { code: errorCode.internalError }));
        });
      },
      streamed: (id, body) => {
        heads.set(id, (sent) => {
          follow(id, (isOver) => readEvents(body, { hint, scheduler, isOver }), sent);
        });
      },
      posting: (id, post) => {
        exchanges.set(id, post);
        post.add(() => exchanges.delete(id));
        carrier.running.add(post);
      },
      cancelled: (id) => exchanges.get(id)?.unsubscribe(),
      scheduler,
    }),
  });

  // What an answer says waits until the SDK has dealt with its head, where the session id is.
  const send = transport.send.bind(transport);
  transport.send = async (message, sendOptions = {}) => {
    const id = isRequest(message) ? message.id : undefined;
    // The rest of an answer that somebody has kept the place of, on a client of the SDK: nothing is sent.
    if (id !== undefined && sendOptions.resumptionToken !== undefined) {
      const { resumptionToken } = sendOptions;
      follow(id, () => open$(resumptionToken), sendOptions);
      return;
    }
    if (isNotification(message) && message.method === 'notifications/initialized') await listenAhead();
    try {
      await send(message, sendOptions);
      heads.get(id)?.(sendOptions);
    } finally {
      heads.delete(id);
    }
  };

  return {
    transport,
    // Whatever the SDK's transport could tell of has been dealt with at the seam.
    onerror: () => undefined,
    listen$: listen$({
      open$: (lastEventId, opened, hold = identity) =>
        open$(lastEventId, opened, pipe(hold<string>, watchdog(limit, pulse, scheduler))),
      take,
      waits,
      hub,
      pulse,
      scheduler,
    }),
    heardAt: () => pulse.openGap?.since ?? pulse.lastHeardAt,
    terminate: () => transport.terminateSession(),
  };
}
