import { type Gap, HttpConnector, MCPSession, ofMethod } from 'rx-mcp';
import { firstValueFrom, from, map, Subject, switchMap, take } from 'rxjs';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { AuthProvider } from './authProvider';
import { connect, loginAgain } from './connect';
import { type AuthorizationServer, startAuthorizationServer } from './servers/authorizationServer';
import { type ProtectedServer, startProtectedServer } from './servers/protectedServer';

let authorization: AuthorizationServer;
let resource: ProtectedServer;
let session: MCPSession;
let provider: AuthProvider;
let opened$: Subject<URL>;
let connectAs: () => Promise<void>;

beforeEach(async () => {
  authorization = await startAuthorizationServer();
  resource = await startProtectedServer(authorization.issuer);
  opened$ = new Subject();
  provider = new AuthProvider('http://127.0.0.1:5173/callback', (url) => opened$.next(url));
  session = new MCPSession(new HttpConnector(resource.url, { authProvider: provider }));
  // The user logs in on each page that opens.
  const redirect$ = opened$.pipe(
    switchMap((url) => from(authorization.login(url))),
    take(1),
  );
  connectAs = () => connect(session, resource.url, provider, redirect$);
});
afterEach(async () => {
  await session.disconnect();
  await resource.stop();
  await authorization.stop();
});

const whoami = async () => (await session.callTool('whoami')).content;

test('logs in with a redirect, registration and PKCE, and calls as the user', async () => {
  const opened = firstValueFrom(opened$);
  await connectAs();

  expect(Object.fromEntries((await opened).searchParams)).toMatchObject({
    code_challenge_method: 'S256',
    resource: resource.url,
    redirect_uri: 'http://127.0.0.1:5173/callback',
  });
  expect(await whoami()).toEqual([{ type: 'text', text: 'ada' }]);
  expect(authorization.issued).toEqual(['authorization_code']);
});

test('refreshes an expired token in the background, without a gap in the notifications', async () => {
  const gaps: Gap[] = [];
  session.gaps$.subscribe((gap) => gaps.push(gap));
  const opened: URL[] = [];
  opened$.subscribe((url) => opened.push(url));
  await connectAs();
  const rejected = firstValueFrom(resource.rejected$);
  const ticks: unknown[] = [];
  const tick$ = session.notifications$.pipe(
    ofMethod('custom/tick'),
    map(({ params }) => params?.['n']),
  );
  tick$.subscribe((n) => ticks.push(n));

  let n = 0;
  await vi.waitFor(
    async () => {
      await resource.server.notify('custom/tick', { n: n++ });
      await whoami();
      expect(authorization.issued).toContain('refresh_token');
    },
    { timeout: 15_000, interval: 200 },
  );

  expect(await rejected).toBe('ERR_JWT_EXPIRED');
  expect(await whoami()).toEqual([{ type: 'text', text: 'ada' }]);
  expect(ticks).toEqual(Array.from({ length: n }, (_, index) => index));
  expect({ gaps, pages: opened.length }).toEqual({ gaps: [], pages: 1 });
});

test('ends the session with an UnauthorizedError if the refresh fails, and logs in again', async () => {
  await connectAs();
  await authorization.revokeAll();
  const pages = firstValueFrom(opened$);
  const again = firstValueFrom(loginAgain(session, connectAs));

  const failed = vi.waitFor(() => expect(whoami()).rejects.toMatchObject({ name: 'UnauthorizedError' }), {
    timeout: 15_000,
    interval: 200,
  });
  await Promise.all([failed, pages, again]);

  expect(await whoami()).toEqual([{ type: 'text', text: 'ada' }]);
  expect(authorization.issued).toEqual(['authorization_code', 'authorization_code']);
});
