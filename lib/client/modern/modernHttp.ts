import type { OAuthClientProvider } from '@modelcontextprotocol/sdk/client/auth.js';
import type { FetchLike } from '@modelcontextprotocol/sdk/shared/transport.js';
import type { EventSourceMessage } from 'eventsource-parser';
import type { Subscription } from 'rxjs';
import type { EngineContext } from '../connection/connection';
import { drainTimeoutMs } from '../connection/limits';
import { authorizationFetch } from '../http/authorizationFetch';
import { type AuthorizationFlow, createAuthorizer } from '../http/authorizer';
import { failOnOutage } from '../http/failOnOutage';
import { limitProvider } from '../http/limitProvider';
import { isFinalCode } from '../http/oauthErrorCode';
import { readEvents, type RetryHint, type Watch } from '../http/sse/readEvents';
import { type Answer, answersRequest, withId } from '../http/readAnswer';
import type { HttpOptions } from '../connection/connector';
import type { StreamHealth } from '../http/sse/streamWatchdog';
import { ConnectionLostError, ServerError } from '../../errors';
import { errorCode } from '../../protocol/errorCodes';
import { parseMessage } from '../../protocol/message';
import type { RequestId } from '../../protocol/types';
import type { EngineTransport, ConnectionControl } from './modernTransport';
import { interceptFetch } from './interceptFetch';
import { isSubscriptionId } from './subscription/serverSubscriptions';
import type { Sdk } from './sdk';

/**
 * Creates the Streamable HTTP transport of protocol 2026-07-28, where each request has its own response stream, and
 * streams cannot be resumed. The SDK's transport sends the requests. Its `fetch` is intercepted, so that responses are
 * read here.
 */
export function modernHttp(
  sdk: Sdk,
  url: URL,
  options: HttpOptions,
  { hub, scheduler }: EngineContext,
  { receive, failRequest, running }: ConnectionControl,
): EngineTransport {
  const hint: RetryHint = {};
  const health: StreamHealth = { lastLiveAt: scheduler.now() };
  const { fetch: request = fetch, authProvider, headers, watchdog: limit = 'auto' } = options;
  const watch: Watch = { limit, health };
  const ending = new AbortController();
  running.add(() => {
    ending.abort();
  });
  const streams = new Map<RequestId, Subscription>();

  /** Delivers the message in an event. Returns whether the message is the response to the request. */
  function receiveEvent({ data, event: type = 'message' }: EventSourceMessage, id: RequestId): boolean {
    const message = data && type === 'message' ? withId(parseMessage(data, hub.report), id) : undefined;
    if (message === undefined) return false;
    receive(message);
    return answersRequest(message, id);
  }

  function readStream(id: RequestId, body: ReadableStream<Uint8Array>): void {
    let isAnswered = false;
    const watched = isSubscriptionId(id) ? watch : undefined;
    const reading = readEvents(body, { hint, scheduler, watch: watched, mayEnd: () => isAnswered }).subscribe({
      next: (events) => {
        // An event may cause another subscription to replace this one. That subscription receives the remaining events.
        for (const event of events) if (!reading.closed && receiveEvent(event, id)) endSoon();
      },
      error: (cause: unknown) => {
        if (isAnswered) return;
        const lost = isSubscriptionId(id) && cause instanceof ConnectionLostError;
        failRequest(
          id,
          lost ? cause : new ConnectionLostError('response stream: ended before the response arrived', { cause }),
        );
      },
    });
    if (reading.closed) return;
    streams.set(id, reading);
    reading.add(() => {
      if (streams.get(id) === reading) streams.delete(id);
    });
    running.add(reading);

    function endSoon(): void {
      if (isAnswered) return;
      isAnswered = true;
      reading.add(
        scheduler.schedule(() => {
          reading.unsubscribe();
        }, drainTimeoutMs),
      );
    }
  }

  const authorizer =
    authProvider &&
    createAuthorizer(
      authProvider,
      modernAuthorization(sdk, authProvider, url, authorizationFetch(request, ending.signal)),
    );

  /** Handles the response to a request. */
  function onAnswer(id: RequestId, answer: Answer): void {
    if (answer.kind === 'stream') readStream(id, answer.body);
    if (answer.kind !== 'message') return;
    receive(answer.message);
    // The response contains no further message, so the request has failed, unless it has been settled.
    if (!answersRequest(answer.message, id))
      failRequest(
        id,
        new ServerError('sending: received the response to a different request', { code: errorCode.internalError }),
      );
  }

  const transport = new sdk.StreamableHTTPClientTransport(url, {
    authProvider: authProvider && limitProvider(authProvider),
    requestInit: { headers },
    fetch: interceptFetch({ fetch: request, authorizer, onAnswer, scheduler }),
  });
  return {
    transport,
    // Ignored, because `interceptFetch` has already handled all errors.
    onError: () => undefined,
    onAbandoned: (id) => streams.get(id)?.unsubscribe(),
    health,
  };
}

/**
 * The OAuth flow of the SDK for 2026-07-28. Unlike the flow of the older SDK, verifies issuers, binds credentials to
 * their authorization server, and adds requested scopes to the granted ones.
 */
function modernAuthorization(
  { auth, computeScopeUnion, isStrictScopeSuperset, OAuthClientFlowError, OAuthError }: Sdk,
  provider: OAuthClientProvider,
  serverUrl: URL,
  fetchFn: FetchLike,
): AuthorizationFlow {
  let requested: string | undefined;

  return {
    async run({ resourceMetadataUrl, scope: wanted, hasRejectedToken, isInsufficientScope }) {
      return failOnOutage(provider, fetchFn, async (guarded, fetch) => {
        const granted = isInsufficientScope ? (await guarded.tokens())?.scope : undefined;
        const scope = computeScopeUnion(requested, granted, wanted);
        requested = scope;
        // Discover the authorization server again, because the MCP server may use another one now.
        if (hasRejectedToken && !isInsufficientScope) await guarded.invalidateCredentials?.('discovery');
        // Refreshing a token cannot add scopes, so the user must authorize again.
        const forceReauthorization = isInsufficientScope && isStrictScopeSuperset(scope, granted);
        return auth(guarded, { serverUrl, resourceMetadataUrl, scope, forceReauthorization, fetchFn: fetch });
      });
    },
    isFinal: (cause): cause is Error =>
      cause instanceof OAuthClientFlowError || (cause instanceof OAuthError && isFinalCode(cause.code)),
  };
}
