import { backoff, type Connection, HttpConnector, MCPSession, ofMethod } from 'rx-mcp';
import { firstValueFrom, retry, switchMap, tap } from 'rxjs';
import { type CountedTimers, countTimers } from '../../rig/countTimers';
import { quick } from '../../rig/quick';
import { track, type Tracked } from '../../rig/track';
import { watchSession } from '../../rig/watchSession';

/** The observed state of a link to a server. */
interface LinkSeen {
  ticks: number[];
  /** The number of connections so far. */
  connections: number;
  /** How the link ended, if it has. */
  end: string | undefined;
}

/** A link to a server that reconnects. */
export interface ReconnectingLink extends Pick<Tracked<LinkSeen>, 'until'> {
  readonly seen: LinkSeen;
  /** The timers of the reconnect policy. */
  readonly timers: CountedTimers;
  call(name: string): Promise<unknown>;
  end(): Promise<void>;
}

/** The two ways to keep a connection: a session, or RxJS's own retry. */
export const forms: { form: string; open(url: string): Promise<ReconnectingLink> }[] = [
  {
    form: 'a session',
    async open(url) {
      const timers = countTimers();
      const session = new MCPSession(new HttpConnector(url, { reconnect: quick }), { scheduler: timers.scheduler });
      const { listens } = watchSession(session);
      const seen: LinkSeen = { ticks: [], connections: 0, end: undefined };
      const { note, until } = track(seen);
      session.notifications$.pipe(ofMethod('custom/tick')).subscribe(({ params }) => {
        note(() => seen.ticks.push(Number(params?.['n'])));
      });
      session.connections$.subscribe(() => note(() => seen.connections++));
      session.status$.subscribe((status) => {
        if (status.state === 'closed') note(() => (seen.end = status.error?.name ?? 'complete'));
      });
      await session.connect();
      await listens();
      return { seen, timers, until, call: (name) => session.callTool(name), end: () => session.disconnect() };
    },
  },
  {
    form: "connect() with RxJS's retry",
    async open(url) {
      const seen: LinkSeen = { ticks: [], connections: 0, end: undefined };
      const { note, until } = track(seen);
      const timers = countTimers();
      const reconnect = { ...quick, scheduler: timers.scheduler };
      let last: Connection | undefined;
      const link$ = new HttpConnector(url, { reconnect }).connect().pipe(retry(backoff(reconnect)));
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
        timers,
        until,
        call: (name) => firstValueFrom(last!.request$({ method: 'tools/call', params: { name } })),
        end: () => Promise.resolve(subscription.unsubscribe()),
      };
    },
  },
];
