import assert from 'node:assert/strict';
import { logMessage, type MCPSession, ofMethod, type Tool } from 'rx-mcp';
import {
  defer,
  filter,
  firstValueFrom,
  map,
  type Observable,
  of,
  repeat,
  ReplaySubject,
  take,
  throwIfEmpty,
  timeout,
  toArray,
} from 'rxjs';
import type { HttpServer } from '../servers/startHttpServer';

/** The context of a cell. */
interface CellContext {
  /** Creates another session with the server, not connected. */
  open(): MCPSession;
  readonly server: HttpServer;
}

/** A column of the table: one capability, checked through the public API. */
export interface Cell {
  readonly name: string;
  /** Uses a connected session. Resolves with a description of the observation. */
  check(session: MCPSession, context: CellContext): Promise<string>;
}

const uri = 'memo://note';

/** Timeout for a message from the server, in milliseconds. */
const arrivalTimeoutMs = 4_000;

/** Emits the first value that passes a test. Rejects after a timeout. */
function arrives<T>(source$: Observable<T>, what: string, test: (value: T) => boolean = () => true): Promise<T> {
  const late = (): never => {
    throw new Error(`${what}: nothing arrived in ${arrivalTimeoutMs} ms`);
  };
  const ended = () => new Error(`${what}: the stream completed`);
  return firstValueFrom(
    source$.pipe(filter(test), timeout({ first: arrivalTimeoutMs, with: late }), throwIfEmpty(ended)),
  );
}

/** Calls a tool. Resolves with its text; rejects when the tool reports an error. */
async function textOf(session: MCPSession, tool: string): Promise<string> {
  const { content, isError } = await session.callTool(tool, {});
  const text = content.map((part) => (part.type === 'text' ? part.text : '')).join('');
  if (isError) throw new Error(text);
  return text;
}

/** The numbers of calls of the tool `wait` that have started, and that were cancelled. */
const waiting$ = (session: MCPSession): Observable<{ started: number; cancelled: number }> =>
  defer(() => textOf(session, 'waiting')).pipe(
    map((text) => JSON.parse(text) as { started: number; cancelled: number }),
    repeat({ delay: 20 }),
  );

/** The columns, in execution order. `restart` is last but one, because it kills the server. */
export const cells: readonly Cell[] = [
  {
    name: 'connect',
    async check(session) {
      const status = await firstValueFrom(session.status$);
      assert.equal(status.state, 'connected');
      return `${status.protocolEra}, ${status.listening ? 'listening' : 'not listening'}`;
    },
  },
  {
    name: 'list',
    async check(session) {
      const names = (await session.listTools()).map(({ name }) => name);
      assert.ok(names.includes('work'), names.join());
      const resources = await session.listAllResources();
      assert.ok(
        resources.some((resource) => resource.uri === uri),
        JSON.stringify(resources),
      );
      return `${names.length} tools`;
    },
  },
  {
    name: 'progress',
    async check(session) {
      const events$ = session.callTool$('work', {}).pipe(
        map((event) => (event.kind === 'progress' ? event.progress : event.kind)),
        toArray(),
      );
      assert.deepEqual(await firstValueFrom(events$), [1, 2, 3, 'result']);
      return '3 of 3, before the result';
    },
  },
  {
    name: 'list changes',
    async check(session) {
      const tools$ = new ReplaySubject<readonly Tool[]>(1);
      const watching = session.tools$.subscribe(tools$);
      try {
        const { length } = await arrives(tools$, 'tools$');
        await textOf(session, 'grow');
        await arrives(tools$, 'tools$ with the new tool', (tools) => tools.length > length);
      } finally {
        watching.unsubscribe();
      }
      return 'tools$ has the new tool';
    },
  },
  {
    name: 'resource$',
    async check(session) {
      const text$ = new ReplaySubject<string>(1);
      const contents$ = session.resource$(uri);
      const watching = contents$.pipe(map((contents) => JSON.stringify(contents))).subscribe(text$);
      try {
        await arrives(text$, 'resource$');
        const text = await textOf(session, 'touch');
        await arrives(text$, 'resource$ with the new text', (reading) => reading.includes(`"${text}"`));
      } finally {
        watching.unsubscribe();
      }
      return 'read again after the update';
    },
  },
  {
    name: 'logs',
    async check(session) {
      await session.setLoggingLevel('warning');
      const message = arrives(session.notifications$.pipe(logMessage('warning')), 'log message');
      await Promise.all([message, textOf(session, 'log')]);
      assert.match(JSON.stringify((await message).params.data), /careful/);
      return 'a warning';
    },
  },
  {
    name: 'custom',
    async check(session) {
      const event = arrives(session.notifications$.pipe(ofMethod('custom/event')), 'custom notification');
      await Promise.all([event, textOf(session, 'custom')]);
      assert.deepEqual((await event).params?.['n'], 1);
      return 'custom/event';
    },
  },
  {
    name: 'roots',
    async check(session) {
      session.roots$.next([{ uri: 'file:///home/ada/next', name: 'next' }]);
      // Some servers fetch the roots in the background, so the cell polls.
      const roots$ = defer(() => textOf(session, 'roots')).pipe(repeat({ delay: 20 }));
      await arrives(roots$, 'the roots', (roots) => roots.includes('file:///home/ada/next'));
      return 'the server has the new roots';
    },
  },
  {
    name: 'elicitation',
    async check(session) {
      assert.equal(await textOf(session, 'ask'), 'Ada');
      return 'answered by handle()';
    },
  },
  {
    name: 'cancel',
    async check(session) {
      const before = await firstValueFrom(waiting$(session));
      const call = session.callTool$('wait', {}).subscribe({ error: () => undefined });
      await arrives(waiting$(session), 'the call', ({ started }) => started > before.started);
      call.unsubscribe();
      await arrives(waiting$(session), 'the cancellation', ({ cancelled }) => cancelled > before.cancelled);
      return 'the tool was aborted';
    },
  },
  {
    name: 'restart and gap',
    async check(session, { server }) {
      // A session of protocol 2026-07-28 opens a stream only on demand.
      const watching = session.tools$.subscribe();
      await firstValueFrom(session.tools$);
      const status = await firstValueFrom(session.status$);
      const listening = status.state === 'connected' && status.listening;
      const gap = listening ? firstValueFrom(session.gaps$) : undefined;
      await server.restart();
      const states$ = session.status$.pipe(filter(({ state }) => state === 'connected'));
      await firstValueFrom(states$);
      if (gap) await gap;
      await firstValueFrom(states$);
      const names = (await session.listTools()).map(({ name }) => name);
      watching.unsubscribe();
      assert.ok(names.includes('work'), names.join());
      return gap ? 'reconnected, a gap was reported' : 'no stream, so no gap; the next call works';
    },
  },
  {
    name: 'clean end',
    async check(session, { open }) {
      const states = firstValueFrom(
        session.status$.pipe(
          map(({ state }) => state),
          take(10),
          toArray(),
        ),
      );
      await session.disconnect();
      assert.equal((await states).at(-1), 'closed');
      const another = open();
      await another.connect();
      await another.listTools();
      await another.disconnect();
      return 'closed; the server takes another session';
    },
  },
];

/** Prepares a session for the cells: sets roots, and handlers for the server's requests. */
export function prepare(session: MCPSession): MCPSession {
  session.roots$.next([{ uri: 'file:///home/ada', name: 'ada' }]);
  session.handle('elicitation/create', () => of({ action: 'accept', content: { name: 'Ada' } }));
  return session;
}
