import type { FetchLike } from '@modelcontextprotocol/sdk/shared/transport.js';
import type { SchedulerLike } from 'rxjs';
import { isRequest } from '../../protocol/message';
import type { RequestId } from '../../protocol/types';
import { withTimeout } from '../../util/abort';
import { sendError } from '../connection/sendErrors';
import { operationOf } from '../connection/operationOf';
import { type Authorizer, fetchAuthorized } from '../http/fetchAuthorized';
import { isRedirect, redirectedOperation } from '../http/fetchWithinOrigin';
import { type Answer, eventStream, readAnswer } from '../http/readAnswer';
import { limitBody } from '../http/readBody';

/** Options for {@link interceptFetch}. */
interface InterceptOptions {
  /** The underlying `fetch`. */
  fetch: FetchLike;
  authorizer: Authorizer | undefined;
  /** Called with the contents of the response to a request. */
  onAnswer(id: RequestId, answer: Answer): void;
  scheduler: SchedulerLike;
}

/**
 * Creates the `fetch` for the SDK's transport. Reads each response and passes its contents to `onAnswer`; the transport
 * receives an empty event stream instead. Rejects with a typed error if a response is unsuccessful, except for
 * redirects that are not followed, which the transport reports.
 */
export function interceptFetch({ fetch, authorizer, onAnswer, scheduler }: InterceptOptions): FetchLike {
  async function post(
    input: Parameters<FetchLike>[0],
    init: RequestInit & { headers: Headers },
    message: unknown,
  ): Promise<Response> {
    const id = isRequest(message) ? message.id : undefined;
    const response = await fetchAuthorized(fetch, new URL(input), init, authorizer).catch((cause: unknown) => {
      throw sendError(cause);
    });
    if (isRedirect(response)) return response;
    const answer = await readAnswer(response, {
      operation: redirectedOperation(operationOf(message), response),
      id,
      hasSession: false,
      // Protocol 2026-07-28 has no GET stream.
      mayRespondLater: () => false,
      usesProvider: authorizer !== undefined,
      isSessionUnknown: () => Promise.resolve(false),
      scheduler,
    });
    if (id !== undefined) onAnswer(id, answer);
    return new Response(null, { headers: { 'content-type': eventStream } });
  }

  return async (input, init = {}) => {
    const headers = new Headers(init.headers);
    // A request of the authorization flow, not of the transport.
    if (!headers.get('accept')?.includes(eventStream)) return limitBody(await fetch(input, init));
    // Protocol 2026-07-28 has no GET stream, but the SDK's transport tries to open one.
    if (init.method === 'GET') return new Response(null, { status: 405 });
    const message: unknown = typeof init.body === 'string' ? JSON.parse(init.body) : undefined;
    if (isRequest(message)) return post(input, { ...init, headers }, message);
    const limit = { scheduler, signal: init.signal };
    return withTimeout(limit, (signal) => post(input, { ...init, headers, signal }, message));
  };
}
