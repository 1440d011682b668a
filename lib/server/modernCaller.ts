import { metaKeys } from '../client/modern/meta';
import { isObject } from '../util/isObject';
import type { AuthInfo, Caller } from './caller';
import { isImplementation } from './sessionRecord';
import type { ServerSettings } from './serverOptions';

/** Returns the caller of a 2026-07-28 request. Client info and capabilities are in the request's `_meta`. */
export function modernCallerOf(
  { principal }: Pick<ServerSettings, 'principal'>,
  meta: unknown,
  authInfo: AuthInfo | undefined,
): Caller {
  const given = isObject(meta) ? meta : {};
  const clientInfo = given[metaKeys.clientInfo];
  const capabilities = given[metaKeys.clientCapabilities];
  return {
    principal: authInfo && principal(authInfo),
    authInfo,
    clientInfo: isImplementation(clientInfo) ? clientInfo : undefined,
    capabilities: isObject(capabilities) ? capabilities : {},
    era: 'modern',
  };
}
