import { ConnectionFailedError, type HttpConnectorOptions, UnauthorizedError } from 'rx-mcp';
import { virtualTime, type VirtualTime } from 'rx-mcp/testing';
import { firstValueFrom, Subject, Subscription } from 'rxjs';
import type { Authorizer } from '../../../lib/client/http/fetchAuthorized';
import { legacyAuthorizer } from '../../../lib/client/wire/http/authorization';
import { idle } from '../../rig/idle';
import { type MemoryProvider, oauthProvider } from '../../rig/oauthProvider';
import { openSession } from '../../rig/openSession';
import { quick } from '../../rig/quick';
import { type FaultServer, startFaultServer } from '../../rig/startFaultServer';
import { type OAuthFront, startOAuthFront } from '../../rig/startOAuthFront';
import type { Watched } from '../../rig/watchSession';

const unsettled = new Promise<never>(() => undefined);

/** Makes a method return promises that settle, with `undefined`, only when `end` is called. */
function hang(provider: MemoryProvider, name: keyof MemoryProvider): { called: Promise<void>; end: () => void } {
  const called$ = new Subject<void>();
  const ended$ = new Subject<undefined>();
  const original = Object.getOwnPropertyDescriptor(provider, name) ?? { value: undefined, configurable: true };
  Object.defineProperty(provider, name, {
    configurable: true,
    value: () => {
      called$.next();
      return firstValueFrom(ended$);
    },
  });
  const end = (): void => {
    Object.defineProperty(provider, name, original);
    ended$.next(undefined);
  };
  return { called: firstValueFrom(called$), end };
}

describe('a method of an OAuth provider that does not settle', () => {
  let front: OAuthFront;
  let provider: MemoryProvider;
  let time: VirtualTime;
  const running = new Subscription();

  beforeEach(async () => {
    front = await startOAuthFront({ port: 0 });
    time = virtualTime();
  });
  afterEach(() => front.close());

  const authorizer = (): Authorizer => legacyAuthorizer(provider, fetch, new URL(front.url), running, time.scheduler);
  const resend = (of: Authorizer): Promise<Response> =>
    of.resend(new Response(null, { status: 401 }), { headers: new Headers({ authorization: 'Bearer stale' }) }, () =>
      Promise.resolve(new Response()),
    );

  it.each<[keyof MemoryProvider, { isRegistered?: boolean; hasTokens?: boolean }]>([
    ['tokens', { hasTokens: true }],
    ['clientInformation', { hasTokens: true }],
    ['saveTokens', { hasTokens: true }],
    ['saveClientInformation', { isRegistered: false }],
    ['saveCodeVerifier', {}],
    ['state', {}],
    ['discoveryState', {}],
    ['saveDiscoveryState', {}],
  ])(
    'fails the flow of all sessions after 30 s, and the next flow runs (%s)',
    async (name, { isRegistered, hasTokens }) => {
      provider = oauthProvider(hasTokens ? { ...front.tokens(), access_token: 'stale' } : undefined, { isRegistered });
      const { called, end } = hang(provider, name);

      const outcomes = Promise.allSettled([resend(authorizer()), resend(authorizer())]);
      await called;
      await time.advance(30_000);

      for (const outcome of await outcomes) {
        expect(outcome).toMatchObject({ status: 'rejected', reason: { retryable: true } });
        expect(outcome).toHaveProperty(
          'reason.message',
          `authorizing: authProvider.${name}() timed out after 30000 ms`,
        );
        expect(outcome).toHaveProperty('reason', expect.any(ConnectionFailedError));
      }
      expect(provider.redirects).toEqual([]);
      end();
      await resend(authorizer()).catch((error: unknown) => expect(error).toBeInstanceOf(UnauthorizedError));
      expect(provider.redirects).toHaveLength(hasTokens ? 0 : 1);
    },
  );

  it('counts as a redirect of the user after 30 s (redirectToAuthorization)', async () => {
    provider = oauthProvider();
    const { called } = hang(provider, 'redirectToAuthorization');

    const outcomes = Promise.allSettled([resend(authorizer()), resend(authorizer())]);
    await called;
    await time.advance(30_000);

    for (const outcome of await outcomes) expect(outcome).toHaveProperty('reason', expect.any(UnauthorizedError));
  });
});

describe('tokens() that does not settle', () => {
  const sent: (string | undefined)[] = [];
  let server: FaultServer;
  let time: VirtualTime;
  let watched: Watched;
  let provider: MemoryProvider;

  beforeEach(async () => {
    server = await startFaultServer();
    time = virtualTime();
    provider = oauthProvider();
    const http: HttpConnectorOptions = {
      authProvider: provider,
      reconnect: quick,
      fetch: (to, init) => {
        sent.push(init?.method);
        return fetch(to, init);
      },
    };
    sent.length = 0;
    watched = openSession(server.url, { scheduler: time.scheduler }, http);
  });
  afterEach(async () => {
    await watched.session.disconnect();
    await server.stop();
  });

  it('delays the stream by 30 s', async () => {
    const { session, listens, statuses } = watched;
    const stuck$ = new Subject<void>();
    const stuck = firstValueFrom(stuck$);
    let calls = 0;
    // The first call is for `initialize`, and the second one for the stream.
    provider.tokens = () => {
      if (++calls !== 2) return undefined;
      stuck$.next();
      return unsettled;
    };

    const connected = session.connect();
    await stuck;
    await time.advance(1_000);
    await connected;
    expect(statuses.at(-1)).toMatchObject({ state: 'connected', listening: false });
    await time.advance(30_000);

    await listens();
    expect(sent.filter((method) => method === 'GET')).toHaveLength(1);
  });

  it('does not send the DELETE after disconnect()', async () => {
    await watched.session.connect();
    const { called, end } = hang(provider, 'tokens');

    const disconnected = watched.session.disconnect();
    await called;
    await time.advance(2_000);
    await disconnected;
    end();
    await idle();

    expect(sent).not.toContain('DELETE');
  });
});
