import type { ClientCapabilities, Implementation } from '../protocol/types';
import { isObject } from '../util/isObject';

/**
 * The authorization of a request, from an authorization middleware. The same as the SDK's `AuthInfo`. Passed to `fetch`, never
 * read from headers.
 */
export interface AuthInfo {
  /** The access token. */
  token: string;
  /** The id of the OAuth client. */
  clientId: string;
  /** The scopes of the token. */
  scopes: string[];
  /** When the token expires, in seconds since the epoch. */
  expiresAt?: number;
  /** The resource that the token is for. */
  resource?: URL;
  /** Further claims, such as `sub`. */
  extra?: Record<string, unknown>;
}

/** The sender of a request. */
export interface Caller {
  /** The user, as derived from `authInfo` by `options.principal`. `undefined` without authorization. */
  readonly principal?: string | undefined;
  /** The result of the authorization, as passed to `fetch`. */
  readonly authInfo?: AuthInfo | undefined;
  /** The name and version of the client. */
  readonly clientInfo?: Implementation | undefined;
  /** The capabilities of the client. */
  readonly capabilities: ClientCapabilities;
  /** The protocol era of the request. */
  readonly era: 'legacy' | 'modern';
}

/** The default of `options.principal`: the subject of the token, otherwise the id of the client. */
export function defaultPrincipal(authInfo: AuthInfo): string | undefined {
  const subject = isObject(authInfo.extra) ? authInfo.extra['sub'] : undefined;
  return typeof subject === 'string' ? subject : authInfo.clientId;
}
