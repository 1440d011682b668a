import { connectOverHttp } from './plainClient';
import { type FaultServer, startFaultServer } from './startFaultServer';

describe('the sessions of the fault server', () => {
  let server: FaultServer;

  afterEach(() => server.stop());

  it('are forgotten with their streams', async () => {
    server = await startFaultServer();
    const { client } = await connectOverHttp(server.url);
    await server.waitFor({ type: 'stream-open', method: 'GET' });

    await server.forgetSessions();

    expect(await server.until(({ getStreams }) => getStreams === 0)).toMatchObject({ sessions: 0 });
    await expect(client.ping()).rejects.toMatchObject({ code: 404 });
    await client.close();
  });

  it('are forgotten while their GET stream stays open', async () => {
    server = await startFaultServer({ keepAlive: 20 });
    const { client } = await connectOverHttp(server.url);
    await client.subscribeResource({ uri: 'fault://a' });
    await server.waitFor({ type: 'stream-open', method: 'GET' });

    await server.forgetSessions({ keepStreams: true });

    await expect(client.ping()).rejects.toMatchObject({ code: 404 });
    expect(await server.counts()).toMatchObject({ sessions: 0, getStreams: 1, subscriptions: { 'fault://a': 0 } });
    expect(await server.notify('custom/lost')).toBe(0);
    await client.close();
  });

  it('can be forgotten with 400', async () => {
    server = await startFaultServer({ forgottenStatus: 400 });
    const { client } = await connectOverHttp(server.url);

    await server.forgetSessions();

    await expect(client.ping()).rejects.toMatchObject({ code: 400 });
    await client.close();
  });

  it('end when the client deletes them, unless that is refused', async () => {
    server = await startFaultServer();
    const { client } = await connectOverHttp(server.url);
    const terminate = (): Promise<void> | undefined => {
      const { transport } = client;
      return transport && 'terminateSession' in transport
        ? (transport as { terminateSession(): Promise<void> }).terminateSession()
        : undefined;
    };
    await server.answerDelete(503, { times: 1 });
    await expect(terminate()).rejects.toMatchObject({ code: 503 });
    expect((await server.counts()).sessions).toBe(1);

    await terminate();

    expect(await server.counts()).toMatchObject({ sessions: 0, requests: { DELETE: 2 } });
    await client.close();
  });

  it('can be initialized with 200, after which a client opens no stream', async () => {
    server = await startFaultServer({ initializedStatus: 200 });
    const { client } = await connectOverHttp(server.url);

    await client.ping();

    expect(await server.counts()).toMatchObject({ answers: { 'POST 200': 3 }, requests: { POST: 3 }, getStreams: 0 });
    await client.close();
  });

  it('can have an unknown protocol version', async () => {
    server = await startFaultServer({ protocolVersion: '1999-01-01' });

    await expect(connectOverHttp(server.url)).rejects.toThrow('1999-01-01');
  });

  it('can respond with JSON', async () => {
    server = await startFaultServer({ jsonResponse: true });
    const { client } = await connectOverHttp(server.url);

    expect(await client.callTool({ name: 'echo', arguments: { a: 1 } })).toMatchObject({
      content: [{ text: '{"a":1}' }],
    });

    const opened = await server.counts();
    expect(opened.postStreams).toBe(0);
    await client.close();
  });
});
