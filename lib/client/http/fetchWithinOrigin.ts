import type { FetchLike } from '@modelcontextprotocol/sdk/shared/transport.js';
import { firstValueFrom } from 'rxjs';
import { ConnectionFailedError } from '../../errors';
import { onDemand } from '../connection/onDemand';

/** The final URL of each redirected request, without its query, by its response. */
const finalUrls = new WeakMap<Response, string>();

const redirects$ = onDemand('the handling of redirects', () => import('../onDemand/rareFeatures'));

/**
 * Sends a request, and follows redirects within the origin of the URL. Any other redirect is returned as the response.
 * The code that follows redirects is loaded with the first redirect.
 */
export async function fetchWithinOrigin(fetch: FetchLike, url: URL, init: RequestInit): Promise<Response> {
  const first = await fetch(url, { ...init, redirect: 'manual' });
  if (!isRedirect(first)) return first;
  const { followRedirects } = await firstValueFrom(redirects$);
  const { response, finalUrl } = await followRedirects(first, url, (to) => fetch(to, { ...init, redirect: 'manual' }));
  if (finalUrl !== undefined) finalUrls.set(response, finalUrl);
  return response;
}

/** Whether a response is a redirect. In browsers, its type is `opaqueredirect`, and the location is hidden. */
export function isRedirect({ status, type }: Response): boolean {
  return type === 'opaqueredirect' || (status >= 300 && status < 400);
}

/** Returns the error for a redirect that was not followed. */
export async function redirectError(response: Response, from: URL): Promise<ConnectionFailedError> {
  const { status } = response;
  const { unfollowedRedirect } = await firstValueFrom(redirects$);
  const reason = unfollowedRedirect(response, from) ?? `HTTP ${String(status)}`;
  return new ConnectionFailedError(`connecting: ${reason}`, { status, retryable: false });
}

/** Adds the final URL to the name of an operation, for error messages, if the request was redirected. */
export function redirectedOperation(operation: string, response: Response): string {
  const finalUrl = finalUrls.get(response);
  return finalUrl === undefined ? operation : `${operation} at ${finalUrl}`;
}
