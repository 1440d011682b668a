import { filter, firstValueFrom, map, skip, take, toArray } from 'rxjs';
import { listChanged, logMessage, type MCPSession, ofMethod, progressOf } from 'rx-mcp';
import type { Cell } from './cell';
import type { ContractPromise } from './contractPromise';

/** A server of the 2.x SDK serves the legacy era over HTTP without sessions. */
const isStateless = ({ server, transport, era }: Cell): boolean =>
  server === 'SDK 2.x' && transport === 'HTTP' && era === 'legacy';

const noStream = (cell: Cell): string | undefined =>
  isStateless(cell) ? 'a server without sessions has no stream for what nobody asked for' : undefined;

const listening = (session: MCPSession): Promise<unknown> =>
  firstValueFrom(session.status$.pipe(filter((status) => status.state === 'connected' && status.listening)));

/** All of them. */
export const contractPromises: ContractPromise[] = [
  {
    name: 'says which version was agreed on',
    async keep({ protocolVersion, serverInfo }, { era }) {
      expect(protocolVersion).toBe(era === 'modern' ? '2026-07-28' : '2025-11-25');
      expect(serverInfo?.name).toContain('rx-mcp-example');
    },
  },
  {
    name: 'lists, reads and calls',
    async keep(session) {
      expect((await session.listTools()).map(({ name }) => name)).toContain('echo');
      expect((await session.listAllResources()).map(({ uri }) => uri)).toContain('memo://readme');
      expect((await session.readResource('memo://readme')).contents).toHaveLength(1);
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
    name: 'reports progress under a token of the caller',
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
    name: 'cancels a call that nobody waits for any more',
    async keep(session) {
      const call$ = session.callTool$('long_task', { steps: 1_000, delayMs: 1 });
      await firstValueFrom(call$);
      await session.callTool('echo', { text: 'goes on' });
    },
  },
  {
    name: 'tells of a list that has changed',
    whyNot: noStream,
    async keep(session) {
      const changed = firstValueFrom(session.notifications$.pipe(listChanged('tools')));
      await listening(session);
      await session.callTool('toggle_tool', { name: 'contract_a' });
      await expect(changed).resolves.toMatchObject({ method: 'notifications/tools/list_changed' });
    },
  },
  {
    name: 'keeps a list live',
    whyNot: noStream,
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
    name: 'keeps a resource live',
    whyNot: noStream,
    async keep(session) {
      const second = firstValueFrom(session.resource$('memo://counter').pipe(skip(1)));
      await firstValueFrom(session.resource$('memo://counter'));
      await session.callTool('touch_resource', { uri: 'memo://counter' });
      await expect(second).resolves.toMatchObject([{ text: 'memo://counter, touched 1 times' }]);
    },
  },
  {
    name: 'hears custom notifications that a call makes',
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
    name: 'hears log messages from a level on',
    whyNot: (cell) => (isStateless(cell) ? 'a server without sessions forgets the level that was set' : undefined),
    async keep(session) {
      const said = firstValueFrom(
        session.notifications$.pipe(
          logMessage('info'),
          map(({ params }) => params.data),
        ),
      );
      await session.setLoggingLevel('info');
      await session.callTool('log', { level: 'debug', message: 'too low' });
      await session.callTool('log', { level: 'info', message: 'heard' });
      await expect(said).resolves.toBe('heard');
    },
  },
  {
    name: 'answers what the server asks for with the roots there are',
    whyNot: (cell) =>
      isStateless(cell) ? 'a server without sessions can not tell which request an answer is for' : undefined,
    async keep(session, { server }) {
      session.roots$.next([{ uri: 'file:///contract' }]);
      const result = await session.callTool(server === 'SDK 1.x' ? 'read_roots' : 'ask_roots');
      expect(JSON.stringify(result)).toContain('file:///contract');
    },
  },
  {
    name: 'announces roots that have changed',
    whyNot: (cell) =>
      cell.era === 'modern' ? 'this era has no such notification; servers ask when they need them' : noStream(cell),
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
    name: 'asks whether the server is there',
    async keep(session) {
      await session.ping();
    },
  },
  {
    name: 'ends for good',
    async keep(session) {
      await session.disconnect();
      await expect(session.ping()).rejects.toMatchObject({ name: 'SessionClosedError' });
    },
  },
];
