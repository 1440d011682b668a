import type { Subscription } from 'rxjs';
import type { HttpOptions } from '../../connection/connector';
import type { Authorizer } from '../../http/fetchAuthorized';

/**
 * Returns the authorizer of a connection, if the options contain an `authProvider`. Its code and the SDK are loaded
 * when the server first requires authorization.
 */
export function lazyAuthorizer(
  { authProvider, fetch: request = fetch }: HttpOptions,
  url: URL,
  running: Subscription,
): Authorizer | undefined {
  if (!authProvider) return undefined;
  let loaded: Authorizer | undefined;
  return {
    async authorize(response, used) {
      const { legacyAuthorizer } = await import('./authorization');
      loaded ??= legacyAuthorizer(authProvider, request, url, running);
      return loaded.authorize(response, used);
    },
  };
}
