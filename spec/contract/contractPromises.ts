import { filter, firstValueFrom, map, skip, take, toArray } from 'rxjs';
import { listChanged, logMessage, type MCPSession, ofMethod, progressOf, resourceUpdated } from 'rx-mcp';
import type { Cell } from './cell';
import type { ContractPromise, Exception } from './contractPromise';

/** A server of the 2.x SDK serves the legacy era over HTTP without sessions. */
const isStateless = ({ server, transport, era }: Cell): boolean =>
  server === 'SDK 2.x' && transport === 'HTTP' && era === 'legacy';

/**
 * The exception for a server without a listening stream. `status$` reports it from the beginning, and `keep` checks the features
 * that still work.
 */
const noStream =
  (keep: Exception['keep']): ContractPromise['instead'] =>
  (cell) => {
    if (!isStateless(cell)) return undefined;
    return {
      reason: 'a server without sessions has no listening stream: `listening` is `false`',
      async keep(session, ...rest) {
        expect(await firstValueFrom(session.status$)).toMatchObject({ state: 'connected', listening: false });
        let received = 0;
        session.notifications$.subscribe(() => received++);
        await keep(session, ...rest);
        await session.ping();
        expect(received).toBe(0);
      },
    };
  };

const listening = (session: MCPSession): Promise<unknown> =>
  firstValueFrom(session.status$.pipe(filter((status) => status.state === 'connected' && status.listening)));

/** All promises. */
export const contractPromises: ContractPromise[] = [
  {
    name: 'reports the negotiated version',
    async keep({ protocolVersion, serverInfo }, { era }) {
      expect(protocolVersion).toBe(era === 'modern' ? '2026-07-28' : '2025-11-25');
      expect(serverInfo?.name).toMatch(/^rx-mcp-(example|rig)/);
    },
  },
  {
    name: 'lists, reads and calls',
    async keep(session) {
      expect((await session.listTools()).map(({ name }) => name)).toContain('echo');
      expect((await session.listAllResources()).map(({ uri }) => uri)).toContain('memo://readme');
      expect((await session.readResource('memo://readme')).contents).toHaveLength(1);
      expect((await session.listPrompts()).map(({ name }) => name)).toContain('greet');
      expect((await session.getPrompt('greet', { name: 'Ada' })).messages).toHaveLength(1);
      await expect(session.callTool('echo', { text: 'hello' })).resolves.toMatchObject({
        content: [{ text: 'hello' }],
      });
    },
  },
  {
    name: 'delivers all progress of a call, in order, before its result',
    async keep(session) {
      const events = await firstValueFrom(
        session.callTool$('long_task', { steps: 100, delayMs: 0 }).pipe(
          map((event) => (event.kind === 'progress' ? event.progress : event.kind)),
          toArray(),
        ),
      );
      expect(events).toEqual([...Array.from({ length: 100 }, (_, index) => index + 1), 'result']);
    },
  },
  {
    name: "reports progress with the caller's token",
    async keep(session) {
      const steps = firstValueFrom(
        session.notifications$.pipe(
          progressOf('mine'),
          map(({ progress }) => progress),
          take(3),
          toArray(),
        ),
      );
      await session.callTool('long_task', { steps: 3, delayMs: 0 }, { progressToken: 'mine' });
      await expect(steps).resolves.toEqual([1, 2, 3]);
    },
  },
  {
    name: 'cancels a call on unsubscribe',
    async keep(session) {
      const call$ = session.callTool$('long_task', { steps: 1_000, delayMs: 1 });
      await firstValueFrom(call$);
      await session.callTool('echo', { text: 'goes on' });
    },
  },
  {
    name: 'emits list changes',
    instead: noStream(async (session) => {
      await session.callTool('toggle_tool', { name: 'contract_a' });
      expect((await session.listTools()).map(({ name }) => name)).toContain('contract_a');
    }),
    async keep(session) {
      const changed = firstValueFrom(session.notifications$.pipe(listChanged('tools')));
      await listening(session);
      await session.callTool('toggle_tool', { name: 'contract_a' });
      await expect(changed).resolves.toMatchObject({ method: 'notifications/tools/list_changed' });
    },
  },
  {
    name: 'keeps a live list current',
    instead: noStream(async (session) => {
      let lists = 0;
      session.tools$.subscribe(() => lists++);
      await firstValueFrom(session.tools$);
      await session.callTool('toggle_tool', { name: 'contract_b' });
      await session.ping();
      expect(lists).toBe(1);
    }),
    async keep(session) {
      const lists = firstValueFrom(
        session.tools$.pipe(
          map((tools) => tools.some(({ name }) => name === 'contract_b')),
          filter((has) => has),
        ),
      );
      await firstValueFrom(session.tools$);
      await listening(session);
      await session.callTool('toggle_tool', { name: 'contract_b' });
      await expect(lists).resolves.toBe(true);
    },
  },
  {
    name: 'keeps a live resource current',
    instead: noStream(async (session) => {
      let reads = 0;
      session.resource$('memo://counter').subscribe(() => reads++);
      await firstValueFrom(session.resource$('memo://counter'));
      await session.callTool('touch_resource', { uri: 'memo://counter' });
      await session.ping();
      expect(reads).toBe(1);
      const { contents } = await session.readResource('memo://counter');
      expect(contents).toMatchObject([{ text: 'memo://counter, touched 1 times' }]);
    }),
    async keep(session) {
      const second = firstValueFrom(session.resource$('memo://counter').pipe(skip(1)));
      await firstValueFrom(session.resource$('memo://counter'));
      await session.callTool('touch_resource', { uri: 'memo://counter' });
      await expect(second).resolves.toMatchObject([{ text: 'memo://counter, touched 1 times' }]);
    },
  },
  {
    name: 'emits updates of a subscribed resource',
    instead: noStream(async (session) => {
      await session.request('resources/subscribe', { uri: 'memo://today' });
      await session.callTool('touch_resource', { uri: 'memo://today' });
    }),
    async keep(session) {
      const updated = firstValueFrom(session.notifications$.pipe(resourceUpdated('memo://today')));
      await listening(session);
      await session.request('resources/subscribe', { uri: 'memo://today' });
      await session.callTool('touch_resource', { uri: 'memo://today' });
      await expect(updated).resolves.toMatchObject({ params: { uri: 'memo://today' } });
      await session.request('resources/unsubscribe', { uri: 'memo://today' });
    },
  },
  {
    name: 'emits custom notifications of a call',
    async keep(session) {
      const ticks = firstValueFrom(
        session.notifications$.pipe(
          ofMethod('custom/tick'),
          map(({ params }) => params?.['n']),
          take(5),
          toArray(),
        ),
      );
      await session.callTool('burst', { count: 5 });
      await expect(ticks).resolves.toEqual([1, 2, 3, 4, 5]);
    },
  },
  {
    name: 'emits log messages of a level and above',
    async keep(session) {
      const logged = firstValueFrom(
        session.notifications$.pipe(
          logMessage('info'),
          map(({ params }) => params.data),
        ),
      );
      await session.setLoggingLevel('info');
      await session.callTool('log', { level: 'debug', message: 'too low' });
      await session.callTool('log', { level: 'info', message: 'received' });
      await expect(logged).resolves.toBe('received');
    },
  },
  {
    name: 'answers roots/list with the current roots',
    instead: (cell) =>
      isStateless(cell)
        ? {
            reason: 'a server without sessions cannot send requests: it could not match the responses',
            async keep(session) {
              session.roots$.next([{ uri: 'file:///contract' }]);
              await expect(session.callTool('ask_roots')).resolves.toMatchObject({ isError: true });
            },
          }
        : undefined,
    async keep(session, { server }) {
      session.roots$.next([{ uri: 'file:///contract' }]);
      const result = await session.callTool(server === 'SDK 1.x' ? 'read_roots' : 'ask_roots');
      expect(JSON.stringify(result)).toContain('file:///contract');
    },
  },
  {
    name: 'announces changed roots',
    instead: (cell) =>
      cell.era === 'modern'
        ? {
            reason: 'the era has no such notification: `errors$` emits once, and servers receive the roots on request',
            async keep(session) {
              const refused = firstValueFrom(session.errors$);
              await session.setRoots([{ uri: 'file:///kept' }]);
              await expect(refused).resolves.toMatchObject({ name: 'ServerError', code: -32601 });
              expect(JSON.stringify(await session.callTool('ask_roots'))).toContain('file:///kept');
            },
          }
        : noStream((session) => session.setRoots([{ uri: 'file:///ignored' }]))?.(cell),
    async keep(session) {
      const noticed = firstValueFrom(
        session.notifications$.pipe(filter(({ method }) => method.startsWith('custom/roots'))),
      );
      await listening(session);
      await session.setRoots([{ uri: 'file:///announced' }]);
      await noticed;
    },
  },
  {
    name: 'rejects unknown methods and tools with typed errors',
    async keep(session) {
      await expect(session.request('no/such')).rejects.toMatchObject({ name: 'ServerError', code: -32601 });
      await expect(session.callTool('no_such_tool')).rejects.toMatchObject({ name: 'ServerError', code: -32602 });
    },
  },
  {
    name: 'pings the server',
    async keep(session) {
      await session.ping();
    },
  },
  {
    name: 'rejects calls after disconnect()',
    async keep(session) {
      await session.disconnect();
      await expect(session.ping()).rejects.toMatchObject({ name: 'SessionClosedError' });
    },
  },
];
