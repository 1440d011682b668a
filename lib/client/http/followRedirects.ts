import type { FetchLike } from '@modelcontextprotocol/sdk/shared/transport.js';

const maxRedirects = 5;
/** The redirect statuses that keep the method. The others turn a POST into a GET. */
const keepsMethod = new Set([307, 308]);

/**
 * Sends a request and follows redirects within the origin of the URL, to which credentials and messages may be sent. Returns any
 * other redirect as the response. In browsers, which hide the target of a redirect, all redirects are returned.
 */
export async function fetchWithinOrigin(fetch: FetchLike, url: URL, init: RequestInit): Promise<Response> {
  let target = url;
  for (let redirects = 0; ; redirects++) {
    const response = await fetch(target, { ...init, redirect: 'manual' });
    const next = redirects < maxRedirects ? redirectTarget(response, target, init.method) : undefined;
    if (!next || !isWithinOrigin(url, next)) return response;
    await response.body?.cancel();
    target = next;
  }
}

function redirectTarget({ status, headers }: Response, from: URL, method = 'GET'): URL | undefined {
  const location = status >= 300 && status < 400 ? headers.get('location') : null;
  if (location === null || !URL.canParse(location, from)) return undefined;
  return method === 'GET' || keepsMethod.has(status) ? new URL(location, from) : undefined;
}

/** Whether credentials for `from` may be sent to `to`: the same origin, or its `https:` form. */
function isWithinOrigin(from: URL, to: URL): boolean {
  if (to.username || to.password) return false;
  const isUpgrade = from.protocol === 'http:' && to.protocol === 'https:' && from.port === '' && to.port === '';
  return from.hostname === to.hostname && (from.origin === to.origin || isUpgrade);
}

/** Whether a response is a redirect. Browsers report it as `opaqueredirect`, without the location. */
export function isRedirect({ status, type }: Response): boolean {
  return type === 'opaqueredirect' || (status >= 300 && status < 400);
}

/** Describes why a redirect was not followed, without possible secrets. Returns `undefined` if the response is not a redirect. */
export function unfollowedRedirect({ status, type, headers }: Response, from: URL): string | undefined {
  if (type === 'opaqueredirect') return 'redirect not followed: this runtime hides its target';
  const location = status >= 300 && status < 400 ? headers.get('location') : null;
  if (location === null || !URL.canParse(location, from)) return undefined;
  const { origin, pathname } = new URL(location, from);
  return `redirect to ${origin}${pathname} not followed`;
}
