import type { OAuthClientProvider } from '@modelcontextprotocol/sdk/client/auth.js';
import type { SchedulerLike } from 'rxjs';
import { UnauthorizedError } from '../../errors';
import { toTransportError } from '../connection/toTransportError';
import type { Authorizer, AuthorizedInit, Send } from './fetchAuthorized';
import { limitProvider } from './limitProvider';

/** A parsed `WWW-Authenticate` challenge. */
interface Challenge {
  resourceMetadataUrl?: URL;
  scope?: string;
  /** Whether the request had a token, which the server rejected. */
  hasRejectedToken: boolean;
  /** Whether the token is valid, but lacks a required scope. */
  isInsufficientScope: boolean;
}

/** The OAuth flow of one generation of the SDK. */
export interface AuthorizationFlow {
  /** Resolves with `AUTHORIZED` when new tokens are stored, or with another value if the user was redirected. */
  run(challenge: Challenge): Promise<string>;
  /**
   * Whether an error is final, because the authorization server rejected the grant. `false` if the server was
   * unavailable.
   */
  isFinal(cause: unknown): cause is Error;
}

/**
 * The running flow of each provider. Connections with the same provider share its refresh token, so they share the
 * flow.
 */
const flows = new WeakMap<OAuthClientProvider, Promise<void>>();

/**
 * Creates an authorizer that runs one authorization flow at a time, because concurrent flows would invalidate each
 * other's refresh token or code verifier. After the user was redirected, it runs none.
 */
export function createAuthorizer(
  provider: OAuthClientProvider,
  flow: AuthorizationFlow,
  scheduler?: SchedulerLike,
): Authorizer {
  const limited = limitProvider(provider, undefined, scheduler);
  let rejection: UnauthorizedError | undefined;

  async function current(): Promise<string | null> {
    const tokens = await limited.tokens();
    return tokens ? `Bearer ${tokens.access_token}` : null;
  }

  async function run(response: Response, used: string | null): Promise<void> {
    const { resourceMetadataUrl, scope } = challengeOf(response);
    const isInsufficientScope = response.status === 403;
    try {
      const result = await flow.run({
        resourceMetadataUrl,
        scope,
        hasRejectedToken: used !== null,
        isInsufficientScope,
      });
      if (result !== 'AUTHORIZED') rejection = new UnauthorizedError('authorizing: waiting for the user to authorize');
    } catch (cause) {
      if (!flow.isFinal(cause)) throw toTransportError(cause, 'authorizing');
      rejection = new UnauthorizedError(`authorizing: ${cause.message}`, { cause });
    }
    if (rejection) throw rejection;
  }

  /**
   * Obtains the credentials that a response requires. Resolves with the `Authorization` header for the next attempt.
   *
   * @param used - the `Authorization` header that the server rejected.
   */
  async function authorize(response: Response, used: string | null): Promise<string | null> {
    if (rejection) throw rejection;
    const running = flows.get(provider);
    if (!running) {
      const now = await current();
      // Another request has obtained a new token in the meantime.
      if (now !== null && now !== used) return now;
    }
    const flow = flows.get(provider) ?? run(response, used).finally(() => flows.delete(provider));
    flows.set(provider, flow);
    await flow;
    return current();
  }

  return {
    /** Resends a request: at most once after a 401, and once after a 403. */
    async resend(first: Response, init: AuthorizedInit, send: Send) {
      const attempted = new Set<number>();
      let response = first;
      while (requiresAuthorization(response) && !attempted.has(response.status)) {
        attempted.add(response.status);
        await response.body?.cancel();
        const authorization = await authorize(response, init.headers.get('authorization'));
        if (authorization !== null) init.headers.set('authorization', authorization);
        response = await send(init);
      }
      return response;
    },
  };
}

const insufficientScope = /^\s*bearer\b.*[\s,]error\s*=\s*"?insufficient_scope\b/is;

/** Whether a response requires authorization: a 401, or a 403 because of insufficient scope. */
function requiresAuthorization({ status, headers }: Response): boolean {
  return status === 401 || (status === 403 && insufficientScope.test(headers.get('www-authenticate') ?? ''));
}

/** Returns the parameters of the `WWW-Authenticate: Bearer` header that MCP uses. */
function challengeOf({ headers }: Response): { resourceMetadataUrl?: URL; scope?: string } {
  const challenge = headers.get('www-authenticate');
  if (!challenge || !/^bearer\b/i.test(challenge.trim())) return {};
  const url = parameterOf(challenge, 'resource_metadata');
  const scope = parameterOf(challenge, 'scope');
  return {
    ...(url !== undefined && URL.canParse(url) && { resourceMetadataUrl: new URL(url) }),
    ...(scope !== undefined && { scope }),
  };
}

function parameterOf(challenge: string, name: string): string | undefined {
  const [, quoted, token] = new RegExp(`[\\s,]${name}\\s*=\\s*(?:"([^"]*)"|([^\\s,]+))`, 'i').exec(challenge) ?? [];
  return quoted ?? token;
}
