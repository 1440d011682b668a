import { extractWWWAuthenticateParams, type OAuthClientProvider } from '@modelcontextprotocol/sdk/client/auth.js';
import { UnauthorizedError } from '../../errors';
import { toTypedError } from '../connection/toTypedError';

/** Authorizes for the requests of one connection. */
export interface Authorizer {
  /** Whether a response asks for authorization, or for more of it. */
  isAsked(response: Response): boolean;
  /**
   * Does what the response asks for. Resolves with the `Authorization` to try again with; rejects with an
   * `UnauthorizedError` when somebody has to act first.
   *
   * @param used - the `Authorization` that was refused.
   */
  authorize(response: Response, used: string | null): Promise<string | null>;
}

/** What a response asks for. */
interface Challenge {
  resourceMetadataUrl?: URL;
  scope?: string;
  /** Whether it came with a token that was refused. */
  isRefusal: boolean;
  /** Whether the token is good, but not for this. */
  isForMore: boolean;
}

/** Authorization as an SDK goes about it. */
export interface AuthorizationFlow {
  /** Resolves with `AUTHORIZED` when there are new tokens, and with something else when the user was sent away. */
  run(challenge: Challenge): Promise<string>;
  /** Whether it failed for good, and the authorization server is not just out of order. */
  isFinal(cause: unknown): cause is Error;
}

/**
 * Runs the SDK's authorization at most once at a time, and not again once it has sent the user away: requests that are
 * refused side by side must not use up a refresh token, or a code verifier, that one of them still needs.
 */
export function createAuthorizer(provider: OAuthClientProvider, flow: AuthorizationFlow): Authorizer {
  let underWay: Promise<void> | undefined;
  let refused: UnauthorizedError | undefined;

  async function current(): Promise<string | null> {
    const tokens = await provider.tokens();
    return tokens ? `Bearer ${tokens.access_token}` : null;
  }

  async function run(response: Response, used: string | null): Promise<void> {
    const { resourceMetadataUrl, scope } = extractWWWAuthenticateParams(response);
    const isForMore = response.status === 403;
    try {
      const result = await flow.run({ resourceMetadataUrl, scope, isRefusal: used !== null, isForMore });
      if (result !== 'AUTHORIZED')
        refused = new UnauthorizedError('authorization is needed: the user was sent to give it');
    } catch (cause) {
      if (!flow.isFinal(cause)) throw toTypedError(cause, 'authorizing');
      refused = new UnauthorizedError(`authorizing: ${cause.message}`, { cause });
    }
    if (refused) throw refused;
  }

  return {
    isAsked: (response) =>
      response.status === 401 ||
      (response.status === 403 && extractWWWAuthenticateParams(response).error === 'insufficient_scope'),
    async authorize(response, used) {
      if (refused) throw refused;
      if (!underWay) {
        const now = await current();
        // Another request has been here meanwhile.
        if (now !== null && now !== used) return now;
      }
      underWay ??= run(response, used).finally(() => {
        underWay = undefined;
      });
      await underWay;
      return current();
    },
  };
}
