import { firstValueFrom, type Subscription } from 'rxjs';
import type { HttpOptions } from '../../connection/connector';
import { onDemand } from '../../connection/onDemand';
import type { Authorizer } from '../../http/fetchAuthorized';

const loadedAuthorization$ = onDemand('the authorization', () => import('../../onDemand/rareFeatures'));

/**
 * Returns the authorizer of a connection, if the options contain an `authProvider`. Its code and the SDK are loaded
 * when the server first requires authorization.
 */
export function lazyAuthorizer(
  { authProvider, fetch: request = fetch }: HttpOptions,
  url: URL,
  running: Pick<Subscription, 'add'>,
): Authorizer | undefined {
  if (!authProvider) return undefined;
  let loaded: Authorizer | undefined;
  return {
    async resend(response, init, send) {
      const { legacyAuthorizer } = await firstValueFrom(loadedAuthorization$);
      loaded ??= legacyAuthorizer(authProvider, request, url, running);
      return loaded.resend(response, init, send);
    },
  };
}
