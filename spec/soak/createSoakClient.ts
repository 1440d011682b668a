import { isDeepStrictEqual } from 'node:util';
import type { BackoffOptions, CallEvent, CallToolResult, HttpConnectorOptions, MCPSession } from 'rx-mcp';
import {
  catchError,
  defer,
  EMPTY,
  filter,
  firstValueFrom,
  map,
  type Observable,
  race,
  repeat,
  Subject,
  take,
  takeUntil,
  tap,
  timer,
  toArray,
} from 'rxjs';
import { createLedger } from './createLedger';
import { createOutages } from './createOutages';
import { maxSilenceMs, type SoakClient } from './soakClient';

/** A fault occurs about every second, so a connection counts as stable after half a second. */
const reconnect: BackoffOptions = { initialDelay: 50, maxDelay: 1_000, stableAfter: 500 };

/** Connector options of all clients. */
export const soakOptions: Pick<HttpConnectorOptions, 'reconnect' | 'watchdog' | 'keepAlive' | 'connectTimeout'> = {
  reconnect,
  watchdog: maxSilenceMs,
  keepAlive: maxSilenceMs,
  connectTimeout: 5_000,
};

/** Options for {@link createSoakClient}. */
export interface SoakClientOptions {
  /** A session that is not connected yet. */
  session: MCPSession;
  /** The numbers that the session receives. */
  numbers$: Observable<number>;
  /** A call that reports progress in three steps. */
  work: { name: string; args: Record<string, unknown> };
  /** The outages of a server that several sessions share. */
  outages?: Parameters<typeof createOutages>[0];
}

/** Connects a session, accounts for its notifications, and calls a tool continuously. */
export async function createSoakClient({
  session,
  numbers$,
  work,
  outages: shared,
}: SoakClientOptions): Promise<SoakClient> {
  const outages = createOutages(shared);
  const ledger = createLedger();
  const ended$ = new Subject<void>();
  const recoveries: number[] = [];
  const returns: number[] = [];
  const calls = { answered: 0, failed: 0, untyped: 0 };
  let connections = 0;
  let gaps = 0;
  let gapTime = 0;
  let lostAt: number | undefined;
  let highest = 0;
  let endedBy: string | undefined;
  const received$ = new Subject<void>();
  const lossDetected$ = new Subject<void>();
  const listens$ = session.status$.pipe(map((status) => status.state === 'connected' && status.listening));
  const listening$ = listens$.pipe(filter((listens) => listens));
  const sentAt: (number | undefined)[] = [];

  numbers$.subscribe((n) => {
    ledger.receive(n);
    highest = Math.max(highest, n);
    received$.next();
  });
  session.gaps$.subscribe((gap) => {
    ledger.gap(gap);
    gaps++;
    gapTime += gap.until - gap.since;
  });
  session.connections$.subscribe(() => connections++);
  session.status$.pipe(takeUntil(ended$)).subscribe((status) => {
    if (status.state === 'closed') endedBy = String(status.error);
  });
  listens$.subscribe((listens) => {
    if (listens && lostAt !== undefined) {
      recoveries.push(performance.now() - lostAt);
      const since = outages.reachableFor(lostAt);
      if (since !== undefined) returns.push(since);
    }
    if (listens) lostAt = undefined;
    else if (connections > 0 && lostAt === undefined) {
      lostAt = performance.now();
      lossDetected$.next();
    }
  });

  /** Begins an outage that ends with an emission, or after the limit of the watchdog. */
  function outageUntil(over$: Observable<unknown>): void {
    const end = outages.begin();
    race(over$, timer(maxSilenceMs)).pipe(take(1), takeUntil(ended$)).subscribe(end);
  }

  /** A call with progress. Its outcome is counted. */
  const call$ = defer(() => session.callTool$(work.name, work.args)).pipe(
    map((event: CallEvent<CallToolResult>) => (event.kind === 'progress' ? event.progress : event.kind)),
    toArray(),
    tap((events) => {
      if (!isDeepStrictEqual(events, [1, 2, 3, 'result'])) calls.untyped++;
      else calls.answered++;
    }),
    catchError((error: unknown) => {
      const isTyped = error instanceof Error && 'retryable' in error;
      calls[isTyped ? 'failed' : 'untyped']++;
      return EMPTY;
    }),
  );

  await session.connect();
  await firstValueFrom(listening$);
  call$.pipe(repeat({ delay: 50 }), takeUntil(ended$)).subscribe();

  return {
    listens: async () => {
      await firstValueFrom(listening$);
    },
    receives: async (n) => {
      if (highest < n) await firstValueFrom(received$.pipe(filter(() => highest >= n)));
    },
    sent(from, count) {
      const now = Date.now();
      for (let n = from; n < from + count; n++) sentAt[n] = now;
    },
    balance: (last) => ledger.balance(last, (n) => sentAt[n]),
    outages,
    streamDied: () => {
      if (lostAt === undefined) outageUntil(lossDetected$);
    },
    streamStalled: () => {
      if (lostAt !== undefined) outageUntil(listening$);
    },
    recoveries,
    returns,
    get connections() {
      return connections - 1;
    },
    get gaps() {
      return gaps;
    },
    get gapTime() {
      return gapTime;
    },
    get longestSilence() {
      return ledger.longestSilence();
    },
    get endedBy() {
      return endedBy;
    },
    calls,
    end: async () => {
      ended$.next();
      await session.disconnect();
    },
  };
}
