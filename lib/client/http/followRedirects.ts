const maxRedirects = 5;

/** The response to a request, and its final URL if the request was redirected. */
interface Followed {
  response: Response;
  finalUrl?: string;
}

/**
 * Follows redirects within the origin of a URL, because credentials and messages must not be sent to another origin.
 * Browsers hide the target of redirects, so there, no redirect is followed.
 *
 * The method is preserved for all redirect statuses. `fetch` would send a GET after 301, 302 and 303, with which
 * proxies, for example, add a slash to the path. A message can be sent only with a POST.
 *
 * @param first - the response to the request to `url`.
 * @param send - sends the same request to another URL.
 */
export async function followRedirects(
  first: Response,
  url: URL,
  send: (to: URL) => Promise<Response>,
): Promise<Followed> {
  let response = first;
  let target = url;
  for (let redirects = 0; ; redirects++) {
    const next = redirects < maxRedirects ? redirectTarget(response, target) : undefined;
    if (!next || !isWithinOrigin(url, next) || next.href === target.href) {
      return { response, ...(redirects > 0 && { finalUrl: withoutQuery(target) }) };
    }
    await response.body?.cancel();
    target = next;
    response = await send(target);
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

/**
 * Describes a redirect that was not followed, without possible secrets. Returns `undefined` if the response is not a
 * redirect.
 */
export function unfollowedRedirect(response: Response, from: URL): string | undefined {
  if (response.type === 'opaqueredirect') return 'redirect not followed: this runtime hides its target';
  const target = redirectTarget(response, from);
  return target && `redirect to ${withoutQuery(target)} not followed`;
}

/** Returns a URL without its query, which may contain secrets. */
function withoutQuery({ origin, pathname }: URL): string {
  return `${origin}${pathname}`;
}
