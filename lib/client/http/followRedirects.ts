import type { FetchLike } from '@modelcontextprotocol/sdk/shared/transport.js';

const maxRedirects = 5;
/** The URLs of responses to redirected requests. */
const redirectTargets = new WeakMap<Response, URL>();

/**
 * Sends a request and follows redirects within the origin of the URL, to which credentials and messages may be sent. Returns any
 * other redirect as the response. In browsers, which hide the target of a redirect, all redirects are returned.
 *
 * The method is kept, also with 301, 302 and 303, after which `fetch` would send a GET: a proxy that adds a slash to the path uses any
 * of them, and a message can only be sent with POST.
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
export function unfollowedRedirect(response: Response, from: URL): string | undefined {
  if (response.type === 'opaqueredirect') return 'redirect not followed: this runtime hides its target';
  const target = redirectTarget(response, from);
  return target && `redirect to ${placeOf(target)} not followed`;
}

/** Adds the place of a response to the name of an operation, for error messages, if the operation was redirected. */
export function redirectedOperation(operation: string, response: Response): string {
  const target = redirectTargets.get(response);
  return target ? `${operation} at ${placeOf(target)}` : operation;
}

/** Returns a URL without its query, which may be a secret. */
function placeOf({ origin, pathname }: URL): string {
  return `${origin}${pathname}`;
}
