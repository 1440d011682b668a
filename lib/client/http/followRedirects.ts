import type { FetchLike } from '@modelcontextprotocol/sdk/shared/transport.js';

const maxRedirects = 5;
/** The final URL of each redirected request, by its response. */
const redirectTargets = new WeakMap<Response, URL>();

/**
 * Sends a request, and follows redirects within the origin of the URL, because credentials and messages must not be
 * sent to another origin. Any other redirect is returned as the response. Browsers hide the target of redirects, so
 * there, all redirects are returned.
 *
 * The method is preserved for all redirect statuses. `fetch` would send a GET after 301, 302 and 303, with which
 * proxies, for example, add a slash to the path. A message can be sent only with a POST.
 */
export async function fetchWithinOrigin(fetch: FetchLike, url: URL, init: RequestInit): Promise<Response> {
  let target = url;
  for (let redirects = 0; ; redirects++) {
    const response = await fetch(target, { ...init, redirect: 'manual' });
    const next = redirects < maxRedirects ? redirectTarget(response, target) : undefined;
    if (!next || !isWithinOrigin(url, next) || next.href === target.href) {
      if (redirects > 0) redirectTargets.set(response, target);
      return response;
    }
    await response.body?.cancel();
    target = next;
  }
}

function redirectTarget({ status, headers }: Response, from: URL): URL | undefined {
  const location = status >= 300 && status < 400 ? headers.get('location') : null;
  return location !== null && URL.canParse(location, from) ? new URL(location, from) : undefined;
}

/** Whether credentials for `from` may be sent to `to`, because it has the same origin or is its `https:` form. */
function isWithinOrigin(from: URL, to: URL): boolean {
  if (to.username || to.password) return false;
  const isUpgrade = from.protocol === 'http:' && to.protocol === 'https:' && from.port === '' && to.port === '';
  return from.hostname === to.hostname && (from.origin === to.origin || isUpgrade);
}

/** Whether a response is a redirect. In browsers, its type is `opaqueredirect`, and the location is hidden. */
export function isRedirect({ status, type }: Response): boolean {
  return type === 'opaqueredirect' || (status >= 300 && status < 400);
}

/**
 * Describes a redirect that was not followed, without possible secrets. Returns `undefined` if the response is not a
 * redirect.
 */
export function unfollowedRedirect(response: Response, from: URL): string | undefined {
  if (response.type === 'opaqueredirect') return 'redirect not followed: this runtime hides its target';
  const target = redirectTarget(response, from);
  return target && `redirect to ${placeOf(target)} not followed`;
}

/** Adds the final URL to the name of an operation, for error messages, if the request was redirected. */
export function redirectedOperation(operation: string, response: Response): string {
  const target = redirectTargets.get(response);
  return target ? `${operation} at ${placeOf(target)}` : operation;
}

/** Returns a URL without its query, which may contain secrets. */
function placeOf({ origin, pathname }: URL): string {
  return `${origin}${pathname}`;
}
