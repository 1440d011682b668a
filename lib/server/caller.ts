import type { ClientCapabilities, Implementation } from '../protocol/types';
import { isObject } from '../util/isObject';

/**
 * The authorization of a request, from an authorization middleware. The same as the SDK's `AuthInfo`. Passed to `fetch`, never
 * read from headers.
 */
export interface AuthInfo {
  token: string;
  clientId: string;
  scopes: string[];
  expiresAt?: number;
  resource?: URL;
  extra?: Record<string, unknown>;
}

/** The sender of a request. */
export interface Caller {
  /** The user, as derived from `authInfo` by `options.principal`. `undefined` without authorization. */
  readonly principal?: string | undefined;
  readonly authInfo?: AuthInfo | undefined;
  readonly clientInfo?: Implementation | undefined;
  readonly capabilities: ClientCapabilities;
  readonly era: 'legacy' | 'modern';
}

/** The default of `options.principal`: the subject of the token, otherwise the id of the client. */
export function defaultPrincipal(authInfo: AuthInfo): string | undefined {
  const subject = isObject(authInfo.extra) ? authInfo.extra['sub'] : undefined;
  return typeof subject === 'string' ? subject : authInfo.clientId;
}
