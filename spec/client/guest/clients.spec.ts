import { useStage } from '../../rig/useStage';
import { guestClients } from './guestClients';

const stage = useStage();

describe.each(Object.entries(guestClients))('a client of %s over a session', (_name, connect) => {
  it('works before and after the server process is killed and restarted', async () => {
    const server = await stage.server();
    const { session, gaps, until } = await stage.connected(server.url);
    const client = await connect(session.transport());
    expect(await client.echo('before')).toBe('{"value":"before"}');

    await server.kill();
    await until(({ statuses }) => statuses.at(-1)?.state === 'reconnecting');
    const waiting = client.echo('while it is away');
    await server.restart();

    expect(await waiting).toBe('{"value":"while it is away"}');
    expect(await client.echo('after')).toBe('{"value":"after"}');
    expect(gaps).toHaveLength(1);
    const { messages } = await server.counts();
    // Each process receives one handshake, because the client's own `initialize` never reaches the server.
    expect(messages.initialize).toBe(2);
    await client.close();
    expect(await session.callTool('echo', { value: 'session' })).toMatchObject({ content: [{ type: 'text' }] });
  });

  it('connects a session that was never connected', async () => {
    const server = await stage.server();
    const { session } = stage.session(server.url);
    const client = await connect(session.transport());
    expect(await client.echo('first')).toBe('{"value":"first"}');
  });

  it('fails to connect with the typed error of the session', async () => {
    const { session } = stage.session('http://127.0.0.1:9');
    await expect(connect(session.transport())).rejects.toMatchObject({ name: 'ConnectionFailedError' });
  });
});

describe('one session', () => {
  it('serves clients of all libraries at once', async () => {
    const server = await stage.server();
    const { session } = await stage.connected(server.url);
    const clients = await Promise.all(Object.values(guestClients).map((connect) => connect(session.transport())));

    const rounds = Array.from({ length: 20 }, (_, round) => round);
    const answers = await Promise.all(
      rounds.flatMap((round) => clients.map((client, index) => client.echo(`${index}-${round}`))),
    );

    expect(answers).toEqual(rounds.flatMap((round) => clients.map((_, index) => `{"value":"${index}-${round}"}`)));
    expect((await server.counts()).messages.initialize).toBe(1);
  });
});
