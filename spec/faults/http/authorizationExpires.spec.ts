import { oauthProvider } from '../../rig/oauthProvider';
import { startOAuthFront } from '../../rig/startOAuthFront';
import { countTimers } from '../../rig/countTimers';
import { useStage } from '../../rig/useStage';

const stage = useStage();

const token = { access_token: 'good for now', token_type: 'Bearer' };

describe('an authorization that expires in the background', () => {
  it('closes the session until connect()', async () => {
    const authProvider = oauthProvider(token);
    const server = await stage.server();
    const timers = countTimers();
    const { session, statuses, errors, gaps, ticks, receives, listens, until } = await stage.connected(
      server.url,
      { authProvider },
      { scheduler: timers.scheduler },
    );

    await server.refuseGet(401);
    await server.answerPost(401);
    await server.resetGet();
    await until(() => statuses.at(-1)?.state === 'closed');
    const { requests } = await server.counts();

    expect(timers.pending).toBe(0);
    expect(statuses.at(-1)).toMatchObject({ error: { name: 'UnauthorizedError', retryable: false } });
    expect(errors.map(({ name }) => name)).toEqual(['UnauthorizedError']);
    expect(authProvider.redirects).toHaveLength(1);
    expect((await server.counts()).requests).toEqual(requests);
    await expect(session.callTool('echo')).rejects.toMatchObject({ name: 'SessionClosedError' });

    await server.refuseGet(null);
    await server.answerPost(null);
    await session.connect();
    await listens();
    await server.notifyMany(1);
    await receives(1);

    expect(ticks).toEqual([1]);
    expect(gaps).toHaveLength(1);
    expect(statuses.at(-1)).toMatchObject({ state: 'connected' });
  });

  it.each([401, 403] as const)('is retried with growing delays without a provider (%d)', async (status) => {
    const server = await stage.server();
    const { session, statuses, errors, listens, receives, until } = await stage.connected(server.url);

    await server.refuseGet(status);
    await server.answerPost(status);
    await server.resetGet();
    await until(() => statuses.filter(({ state }) => state === 'reconnecting').length >= 5);
    expect(statuses.at(-1)).toMatchObject({ error: { name: 'UnauthorizedError', status } });
    await server.refuseGet(null);
    await server.answerPost(null);
    await listens();
    await server.notifyMany(1);
    await receives(1);

    expect(await session.callTool('echo')).toMatchObject({ content: [{ text: '{}' }] });
    expect(statuses.map(({ state }) => state)).not.toContain('closed');
    expect(errors.map(({ name }) => name)).toEqual(['SessionExpiredError']);
  });

  it('redirects the user once for concurrent requests', async () => {
    const authProvider = oauthProvider(token);
    const server = await stage.server();
    const { session, errors, statuses, until } = await stage.connected(server.url, { authProvider });

    await server.refuseGet(401);
    await server.answerPost(401);
    const calls = Promise.allSettled(Array.from({ length: 10 }, () => session.callTool('echo')));
    await server.resetGet();
    await until(() => statuses.at(-1)?.state === 'closed');

    for (const outcome of await calls) {
      const expected: unknown = expect.stringMatching(/^(Unauthorized|SessionClosed|ConnectionLost)Error$/);
      expect(outcome).toMatchObject({ status: 'rejected', reason: { name: expected } });
    }
    expect(authProvider.redirects).toHaveLength(1);
    expect(errors.map(({ name }) => name)).toEqual(['UnauthorizedError']);
  });

  it('is reported by the first and each later attempt', async () => {
    const authProvider = oauthProvider();
    const server = await stage.server({ post: 401 });
    const { session, statuses, errors, listens } = stage.session(server.url, { authProvider });

    await expect(session.connect()).rejects.toMatchObject({ name: 'UnauthorizedError' });
    await expect(session.connect({ retry: true })).rejects.toMatchObject({ name: 'UnauthorizedError' });
    expect(authProvider.redirects).toHaveLength(2);
    expect(statuses.at(-1)).toMatchObject({ state: 'closed', error: { name: 'UnauthorizedError' } });
    expect(errors).toEqual([]);

    await server.answerPost(null);
    await session.connect();
    await listens();
  });
});

describe('a refreshable token', () => {
  it('is refreshed once for all requests', async () => {
    const server = await stage.server({ eventStore: 'correct' });
    const guard = await startOAuthFront(server);
    stage.after(() => guard.close());
    const authProvider = oauthProvider(guard.tokens());
    const { session, ticks, statuses, errors, gaps, receives } = await stage.connected(guard.url, { authProvider });
    await server.notifyMany(1);
    await receives(1);

    guard.expire();
    await server.resetGet();
    const results = await Promise.all(Array.from({ length: 10 }, (_, n) => session.callTool('echo', { n })));
    await server.notifyMany(1, 'custom/tick', { from: 2 });
    await receives(2);

    expect(results).toHaveLength(10);
    expect(ticks).toEqual([1, 2]);
    expect({ requestCount: guard.requestCount, renewed: guard.renewed }).toEqual({ requestCount: 1, renewed: 1 });
    expect(authProvider.tokens()).toMatchObject({ access_token: 'access-2', refresh_token: 'refresh-2' });
    expect(authProvider.redirects).toEqual([]);
    expect(statuses.map(({ state }) => state)).not.toContain('reconnecting');
    expect(errors).toEqual([]);
    expect(gaps).toEqual([]);
  });

  it('is refreshed each time it expires', async () => {
    const server = await stage.server();
    const guard = await startOAuthFront(server);
    stage.after(() => guard.close());
    const authProvider = oauthProvider(guard.tokens());
    const { session, errors } = await stage.connected(guard.url, { authProvider });

    for (const n of [1, 2, 3]) {
      guard.expire();
      expect(await session.callTool('echo', { n })).toMatchObject({ content: [{ text: `{"n":${n}}` }] });
    }

    expect(guard.renewed).toBe(3);
    expect(errors).toEqual([]);
    expect(await server.counts()).toMatchObject({ sessionsOpened: 1 });
  });

  it('closes the session without a loop if it is rejected after the refresh', async () => {
    const server = await stage.server();
    const guard = await startOAuthFront(server);
    stage.after(() => guard.close());
    const authProvider = oauthProvider(guard.tokens());
    const { session, errors, statuses, until } = await stage.connected(guard.url, { authProvider });

    await server.answerPost(401);
    await expect(session.callTool('echo')).rejects.toMatchObject({ name: 'UnauthorizedError' });
    await until(() => statuses.at(-1)?.state === 'closed');

    expect(errors.map(({ name }) => name)).toEqual(['UnauthorizedError']);
    expect((await server.counts()).messages).toMatchObject({ 'tools/call': 2 });
  });
});
