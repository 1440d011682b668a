import type { ClientCapabilities, Implementation } from '../protocol/types';
import { isObject } from '../util/isObject';

/**
 * The authorization of a request, as determined by an authorization middleware. The same type as the SDK's `AuthInfo`.
 * Passed to `fetch` by the application, never read from headers.
 */
export interface AuthInfo {
  /** The access token. */
  token: string;
  /** The id of the OAuth client. */
  clientId: string;
  /** The scopes of the token. */
  scopes: string[];
  /** When the token expires, in seconds since the Unix epoch. */
  expiresAt?: number;
  /** The resource that the token was issued for. */
  resource?: URL;
  /** Further claims, such as `sub`. */
  extra?: Record<string, unknown>;
}

/** The sender of a request. */
export interface Caller {
  /**
   * The principal (the user), as returned by the `principal` option of the server. `undefined` without authorization.
   */
  readonly principal?: string | undefined;
  /** The authorization of the request, as passed to `fetch`. `undefined` without authorization. */
  readonly authInfo?: AuthInfo | undefined;
  /** The name and version of the client, if known. */
  readonly clientInfo?: Implementation | undefined;
  /** The capabilities that the client has declared. */
  readonly capabilities: ClientCapabilities;
  /** `'legacy'` for protocol versions up to 2025-11-25, `'modern'` for 2026-07-28. */
  readonly era: 'legacy' | 'modern';
}

/** The default of the `principal` option: the subject of the token, or else the id of the client. */
export function defaultPrincipal(authInfo: AuthInfo): string | undefined {
  const subject = isObject(authInfo.extra) ? authInfo.extra['sub'] : undefined;
  return typeof subject === 'string' ? subject : authInfo.clientId;
}
