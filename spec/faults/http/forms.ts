import { backoff, type Connection, HttpConnector, MCPSession, ofMethod } from 'rx-mcp';
import { firstValueFrom, retry, switchMap, tap } from 'rxjs';
import { quick } from './quick';
import { record, type Recording } from './record';
import { watchSession } from './watchSession';

/** What can be seen of a link to a server in either form. */
interface LinkSeen {
  ticks: number[];
  /** How many connections there have been. */
  connections: number;
  /** How it ended, if it did. */
  end: string | undefined;
}

/** A link to a server that reconnects. */
export interface ReconnectingLink extends Pick<Recording<LinkSeen>, 'until'> {
  readonly seen: LinkSeen;
  call(name: string): Promise<unknown>;
  end(): Promise<void>;
}

/** The two forms in which users keep a connection: a session, or a retry of their own. */
export const forms: { form: string; open(url: string): Promise<ReconnectingLink> }[] = [
  {
    form: 'a session',
    async open(url) {
      const session = new MCPSession(new HttpConnector(url, { reconnect: quick }));
      const { listens } = watchSession(session);
      const seen: LinkSeen = { ticks: [], connections: 0, end: undefined };
      const { note, until } = record(seen);
      session.notifications$.pipe(ofMethod('custom/tick')).subscribe(({ params }) => {
        note(() => seen.ticks.push(Number(params?.['n'])));
      });
      session.connections$.subscribe(() => note(() => seen.connections++));
      session.status$.subscribe((status) => {
        if (status.state === 'closed') note(() => (seen.end = status.error?.name ?? 'complete'));
      });
      await session.connect();
      await listens();
      return { seen, until, call: (name) => session.callTool(name), end: () => session.disconnect() };
    },
  },
  {
    form: "connect() with RxJS's retry",
    async open(url) {
      const seen: LinkSeen = { ticks: [], connections: 0, end: undefined };
      const { note, until } = record(seen);
      let last: Connection | undefined;
      const link$ = new HttpConnector(url, { reconnect: quick }).connect().pipe(retry(backoff(quick)));
      const ticks$ = link$.pipe(
        tap((connection) => {
          last = connection;
          note(() => seen.connections++);
        }),
        switchMap((connection) => connection.notifications$.pipe(ofMethod('custom/tick'))),
      );
      const subscription = ticks$.subscribe({
        next: ({ params }) => note(() => seen.ticks.push(Number(params?.['n']))),
        error: (error: unknown) => note(() => (seen.end = error instanceof Error ? error.name : 'unknown')),
        complete: () => note(() => (seen.end = 'complete')),
      });
      await until(({ connections }) => connections === 1);
      return {
        seen,
        until,
        call: (name) => firstValueFrom(last!.request$({ method: 'tools/call', params: { name } })),
        end: () => Promise.resolve(subscription.unsubscribe()),
      };
    },
  },
];
