import type { ClientCapabilities, Implementation } from '../protocol/types';
import { isObject } from '../util/isObject';

/** What an authorization middleware knows of a request, as the SDK's `AuthInfo`. Passed to `fetch`, never read from headers. */
export interface AuthInfo {
  token: string;
  clientId: string;
  scopes: string[];
  expiresAt?: number;
  resource?: URL;
  extra?: Record<string, unknown>;
}

/** Who sent a request. */
export interface Caller {
  /** The user, as `options.principal` derives it from `authInfo`. Undefined without authorization. */
  readonly principal?: string | undefined;
  readonly authInfo?: AuthInfo | undefined;
  readonly clientInfo?: Implementation | undefined;
  readonly capabilities: ClientCapabilities;
  readonly era: 'legacy' | 'modern';
}

/** The default of `options.principal`: the subject of the token, else the id of the client. */
export function defaultPrincipal(authInfo: AuthInfo): string | undefined {
  const subject = isObject(authInfo.extra) ? authInfo.extra['sub'] : undefined;
  return typeof subject === 'string' ? subject : authInfo.clientId;
}
