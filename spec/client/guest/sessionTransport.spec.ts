import { setImmediate } from 'node:timers/promises';
import { Client as ModernClient } from '@modelcontextprotocol/client';
import {
  CallToolRequestSchema,
  ErrorCode,
  ListToolsRequestSchema,
  ReadResourceRequestSchema,
  SetLevelRequestSchema,
  SubscribeRequestSchema,
  UnsubscribeRequestSchema,
} from '@modelcontextprotocol/sdk/types.js';
import { ServerError } from 'rx-mcp';
import { virtualTime } from 'rx-mcp/testing';
import { firstValueFrom, ReplaySubject } from 'rxjs';
import { useStdio } from '../../faults/stdio/useStdio';
import type { MemoryServerOptions } from '../../rig/createMemoryServer';
import { openMemorySession } from '../../rig/openMemorySession';
import { createGuest, openGuest } from './openGuest';

const uri = 'memory://notes';

/** Tools and resources that respond. `hang` responds only when it is cancelled. */
const prepare: NonNullable<MemoryServerOptions['prepare']> = (server) => {
  server.setRequestHandler(ListToolsRequestSchema, () => ({ tools: [] }));
  server.setRequestHandler(SetLevelRequestSchema, () => ({}));
  server.setRequestHandler(SubscribeRequestSchema, () => ({}));
  server.setRequestHandler(UnsubscribeRequestSchema, () => ({}));
  server.setRequestHandler(ReadResourceRequestSchema, () => ({ contents: [{ uri, text: 'text' }] }));
  server.setRequestHandler(CallToolRequestSchema, async ({ params }, { signal, _meta, sendNotification }) => {
    if (params.name === 'hang') await new Promise((resolve) => signal.addEventListener('abort', resolve));
    if (params.name === 'fail') throw new ServerError('out of paper', { code: -32050, data: { tray: 2 } });
    const progressToken = _meta?.progressToken;
    for (let progress = 1; progressToken !== undefined && progress <= 5; progress++) {
      const report = { progressToken, progress, message: params.name };
      await sendNotification({ method: 'notifications/progress', params: report });
    }
    return { content: [{ type: 'text', text: params.name }] };
  });
};

const capabilities = {
  tools: { listChanged: true },
  resources: { subscribe: true, listChanged: true },
  logging: {},
};
const reconnect = { initialDelay: 0, jitter: 'none' } as const;

async function connected(options?: Parameters<typeof openMemorySession>[0]) {
  const opened = openMemorySession({ capabilities, prepare, options: { reconnect }, ...options });
  await opened.session.connect();
  return opened;
}

type Opened = Awaited<ReturnType<typeof connected>>;

/** Drops the connection. Resolves when the session has reconnected. */
async function reconnected({ memory, until, gaps }: Opened): Promise<void> {
  const before = gaps.length;
  await memory.drop();
  await until(({ gaps }) => gaps.length > before);
}

const sent = ({ memory }: Opened, method: string) => memory.methods().filter((name) => name === method).length;

describe('a transport of a session', () => {
  describe('on initialize', () => {
    it('answers from the handshake of the session', async () => {
      const opened = await connected();
      const { client } = await openGuest(opened.session);

      expect(client.getServerCapabilities()).toEqual(opened.session.capabilities);
      expect(client.getServerVersion()).toEqual({ name: 'memory-server', version: '1.0.0' });
      expect(client.getInstructions()).toBe('Be quick.');
      expect(sent(opened, 'initialize')).toBe(1);
      expect(sent(opened, 'notifications/initialized')).toBe(1);
    });

    it('answers with the version of a client that is older than the session', async () => {
      const { session } = await connected();
      const transport = session.transport();
      const messages: unknown[] = [];
      transport.onmessage = (message) => messages.push(message);
      await transport.start();
      const params = { protocolVersion: '2024-11-05', capabilities: {}, clientInfo: { name: 'old', version: '1' } };
      await transport.send({ jsonrpc: '2.0', id: 0, method: 'initialize', params });
      expect(messages).toMatchObject([{ id: 0, result: { protocolVersion: '2024-11-05' } }]);
    });

    it('declares the capabilities of the client when it connects the session, but not its roots', async () => {
      const { session, memory } = openMemorySession({ capabilities, prepare });
      await openGuest(session, { sampling: {}, roots: {} });
      expect(memory.server.getClientCapabilities()).toEqual({ sampling: {}, roots: { listChanged: true } });
    });

    it('waits for a session that is reconnecting', async () => {
      const { scheduler, advance } = virtualTime();
      const opened = await connected({ session: { scheduler }, options: {} });
      opened.memory.refuse(new Error('away'));
      await opened.memory.drop();
      await opened.until(({ statuses }) => statuses.at(-1)?.state === 'reconnecting');
      const opening = openGuest(opened.session);
      await setImmediate();
      opened.memory.refuse(undefined);
      await advance(30_000);
      expect((await opening).client.getServerVersion()?.name).toBe('memory-server');
    });

    it('rejects with a SessionClosedError after disconnect()', async () => {
      const { session } = await connected();
      await session.disconnect();
      await expect(openGuest(session)).rejects.toMatchObject({ name: 'SessionClosedError' });
    });
  });

  describe('with progress', () => {
    const start = useStdio();
    const clients = { '@modelcontextprotocol/sdk': createGuest, '@modelcontextprotocol/client': createModern };

    function createModern() {
      return { client: new ModernClient({ name: 'guest', version: '1.0.0' }) };
    }

    it.each(Object.entries(clients))(
      'delivers all progress before the result to %s, in one write',
      async (_, create) => {
        const { session } = start();
        const { client } = create();
        await client.connect(session.transport());
        for (let call = 0; call < 50; call++) {
          const seen: number[] = [];
          const onprogress = ({ progress }: { progress: number }): void => void seen.push(progress);
          if (client instanceof ModernClient) await client.callTool({ name: 'burst_progress' }, { onprogress });
          else await client.callTool({ name: 'burst_progress' }, undefined, { onprogress });
          expect(seen).toEqual([1, 2, 3]);
        }
      },
    );

    it('separates the progress of two clients that use the same tokens', async () => {
      const opened = await connected();
      const guests = [await openGuest(opened.session), await openGuest(opened.session)];
      const calls = guests.map(async ({ client, errors }, index) => {
        const seen: unknown[] = [];
        const onprogress = ({ message }: { message?: string }): void => void seen.push(message);
        await client.callTool({ name: `tool ${index}` }, undefined, { onprogress });
        return { seen, errors };
      });
      expect(await Promise.all(calls)).toEqual(
        [0, 1].map((index) => ({ seen: Array.from({ length: 5 }, () => `tool ${index}`), errors: [] })),
      );
    });

    it("does not deliver the progress of the session's own calls", async () => {
      const { session } = await connected();
      const { methods, errors } = await openGuest(session);
      await session.callTool('own');
      expect({ methods, errors }).toEqual({ methods: [], errors: [] });
    });
  });

  describe('with requests', () => {
    it('answers with the code, message and data of the server', async () => {
      const { session } = await connected();
      const { client } = await openGuest(session);
      await expect(client.callTool({ name: 'fail' })).rejects.toMatchObject({
        code: -32050,
        message: expect.stringContaining('out of paper'),
        data: { tray: 2 },
      });
    });

    it('cancels requests on the server when the client cancels them', async () => {
      const opened = await connected();
      const { client } = await openGuest(opened.session);
      const giveUp = new AbortController();
      const call = client.callTool({ name: 'hang' }, undefined, { signal: giveUp.signal });
      await setImmediate();
      giveUp.abort('enough');
      await expect(call).rejects.toThrow('enough');
      await setImmediate();
      const [request] = opened.memory.received.filter(
        (message) => 'method' in message && message.method === 'tools/call',
      );
      expect(opened.memory.received.at(-1)).toMatchObject({
        method: 'notifications/cancelled',
        params: { requestId: request && 'id' in request ? request.id : undefined },
      });
    });

    it('answers a request with the name of the error when the connection is lost', async () => {
      const opened = await connected();
      const { client } = await openGuest(opened.session);
      const call = client.callTool({ name: 'hang' });
      const failed = expect(call).rejects.toMatchObject({
        code: ErrorCode.ConnectionClosed,
        data: { name: 'ConnectionLostError', retryable: true },
      });
      await setImmediate();
      await opened.memory.drop();
      await failed;
    });

    it('gives up after a minute without a connection', async () => {
      const { scheduler, advance } = virtualTime();
      const opened = await connected({ session: { scheduler }, options: {} });
      const { client } = await openGuest(opened.session);
      opened.memory.refuse(new Error('away'));
      await opened.memory.drop();
      await opened.until(({ statuses }) => statuses.at(-1)?.state === 'reconnecting');
      const call = client.callTool({ name: 'late' });
      const failed = expect(call).rejects.toMatchObject({ data: { name: 'RequestTimeoutError' } });
      await advance(60_000);
      await failed;
    });

    it("fails immediately without a connection if the session has offline: 'fail'", async () => {
      const { scheduler } = virtualTime();
      const opened = await connected({ session: { scheduler, offline: 'fail' }, options: {} });
      const { client } = await openGuest(opened.session);
      opened.memory.refuse(new Error('away'));
      await opened.memory.drop();
      await opened.until(({ statuses }) => statuses.at(-1)?.state === 'reconnecting');
      await expect(client.callTool({ name: 'late' })).rejects.toMatchObject({ data: { name: 'ConnectionLostError' } });
    });

    it('is not limited by the timeout of the session', async () => {
      const { scheduler, advance } = virtualTime();
      const opened = await connected({ session: { scheduler, timeout: 10 } });
      const { client } = await openGuest(opened.session);
      const giveUp = new AbortController();
      const call = client.callTool({ name: 'hang' }, undefined, { signal: giveUp.signal });
      await advance(3_600_000);
      giveUp.abort('enough');
      await expect(call).rejects.toThrow('enough');
    });
  });

  describe('after a reconnection', () => {
    it('restores the log level and the resource subscriptions of the client', async () => {
      const opened = await connected();
      const { client } = await openGuest(opened.session);
      await client.setLoggingLevel('warning');
      await client.subscribeResource({ uri });
      await reconnected(opened);
      expect(sent(opened, 'logging/setLevel')).toBe(2);
      expect(sent(opened, 'resources/subscribe')).toBe(2);
    });

    it('announces everything that may have changed during the gap', async () => {
      const opened = await connected();
      const { client, methods, until } = await openGuest(opened.session);
      await client.subscribeResource({ uri });
      await reconnected(opened);
      await until(() => methods.length === 3);
      expect(methods).toEqual([
        'notifications/tools/list_changed',
        'notifications/resources/list_changed',
        'notifications/resources/updated',
      ]);
    });

    it('delivers notifications of the new connection', async () => {
      const opened = await connected();
      const { methods, until } = await openGuest(opened.session);
      await reconnected(opened);
      opened.memory.write({ jsonrpc: '2.0', method: 'custom/tick' });
      await until(() => methods.includes('custom/tick'));
      await opened.session.ping();
      expect(methods.filter((method) => method === 'custom/tick')).toHaveLength(1);
    });
  });

  describe('with resource subscriptions', () => {
    it('stays subscribed when resource$ of the session is unsubscribed from', async () => {
      const opened = await connected();
      const { client, methods, until } = await openGuest(opened.session);
      const watched$ = new ReplaySubject(1);
      const watching = opened.session.resource$(uri).subscribe(watched$);
      await firstValueFrom(watched$);
      await client.subscribeResource({ uri });
      watching.unsubscribe();
      await setImmediate();
      expect(sent(opened, 'resources/unsubscribe')).toBe(0);
      opened.memory.write({ jsonrpc: '2.0', method: 'notifications/resources/updated', params: { uri } });
      await until(() => methods.includes('notifications/resources/updated'));
      await client.unsubscribeResource({ uri });
      await setImmediate();
      expect(sent(opened, 'resources/unsubscribe')).toBe(1);
    });

    it('unsubscribes when the last client is closed', async () => {
      const opened = await connected();
      const [one, two] = [await openGuest(opened.session), await openGuest(opened.session)];
      await one.client.subscribeResource({ uri });
      await two.client.subscribeResource({ uri });
      await one.client.close();
      await setImmediate();
      expect(sent(opened, 'resources/unsubscribe')).toBe(0);
      await two.client.close();
      await setImmediate();
      expect(sent(opened, 'resources/unsubscribe')).toBe(1);
    });
  });

  describe('when it ends', () => {
    it('leaves the session and other transports open', async () => {
      const { session } = await connected();
      const [one, two] = [await openGuest(session), await openGuest(session)];
      await one.client.close();
      expect({ one: one.closed(), two: two.closed() }).toEqual({ one: 1, two: 0 });
      await two.client.ping();
      await session.ping();
    });

    it('closes when the session is disconnected', async () => {
      const { session } = await connected();
      const { client, closed } = await openGuest(session);
      const call = expect(client.callTool({ name: 'hang' })).rejects.toMatchObject({
        code: ErrorCode.ConnectionClosed,
      });
      await session.disconnect();
      await call;
      expect(closed()).toBe(1);
    });

    it('closes when the retries of the session end', async () => {
      const opened = await connected({ options: { reconnect: false } });
      const { closed, until } = await openGuest(opened.session);
      await opened.memory.drop();
      await until(() => closed() > 0);
      expect(closed()).toBe(1);
      expect(await firstValueFrom(opened.session.status$)).toMatchObject({ state: 'closed' });
    });

    it('rejects messages that are sent afterwards', async () => {
      const { session } = await connected();
      const transport = session.transport();
      await transport.start();
      await transport.close();
      await expect(transport.send({ jsonrpc: '2.0', method: 'custom/late' })).rejects.toThrow(
        'send: the transport is closed',
      );
      await expect(transport.start()).rejects.toThrow('start: the transport is closed');
    });
  });
});
