import { useStage } from '../rig/useStage';

const stage = useStage();

describe('a permanent error in response to initialize', () => {
  it.each([400, 401, 402, 403, 404, 405, 406, 410, 415, 422])('ends the retries: %d', async (status) => {
    const server = await stage.server({ post: status, get: 405 });
    const { session, statuses } = stage.session(server.url);

    await expect(session.connect({ retry: true })).rejects.toMatchObject({ retryable: false });

    expect(statuses.map(({ state }) => state)).toEqual(['idle', 'connecting', 'closed']);
    const { requests, messages } = await server.counts();
    expect(messages['initialize']).toBe(1);
    // If the status could come from a server with the older transport, that transport is tried once.
    expect(requests['GET'] ?? 0).toBe([400, 404, 405].includes(status) ? 1 : 0);
  });

  it('includes an unsupported protocol version', async () => {
    const server = await stage.server({ protocolVersion: '1999-12-31' });
    const { session, statuses } = stage.session(server.url);

    await expect(session.connect({ retry: true })).rejects.toMatchObject({
      name: 'ConnectionFailedError',
      retryable: false,
    });

    expect(statuses.at(-1)).toMatchObject({ state: 'closed', error: { retryable: false } });
    expect((await server.counts()).messages).toMatchObject({ initialize: 1 });
  });
});

describe('a transient error in response to initialize', () => {
  it.each([408, 409, 425, 429, 500, 502, 503, 504])('is retried: %d', async (status) => {
    const server = await stage.server({ post: status });
    const { session, statuses, until } = stage.session(server.url);

    const connected = session.connect({ retry: true });
    await until(() => statuses.filter(({ state }) => state === 'reconnecting').length >= 2);
    await server.answerPost(null);
    await connected;

    expect(statuses.at(-1)).toMatchObject({ state: 'connected' });
  });

  it('is retried after its Retry-After', async () => {
    const server = await stage.server();
    const { session, statuses, until } = stage.session(server.url);

    await server.answerPost(503, { retryAfter: 1, times: 1 });
    const connected = session.connect({ retry: true });
    await until(() => statuses.at(-1)?.state === 'reconnecting');
    expect(statuses.at(-1)).toMatchObject({ delay: 1_000 });
    await connected;
  });
});
