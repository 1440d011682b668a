import { isDeepStrictEqual } from 'node:util';
import { type CallEvent, HttpConnector, MCPSession, ofMethod } from 'rx-mcp';
import {
  catchError,
  defer,
  EMPTY,
  filter,
  firstValueFrom,
  map,
  repeat,
  Subject as Signal,
  takeUntil,
  tap,
  toArray,
} from 'rxjs';
import { createLedger } from './createLedger';
import type { Subject } from './subject';

/** Connects a session that counts received numbers, and continuously calls a tool. */
export async function createSubject(url: string): Promise<Subject> {
  const connector = new HttpConnector(url, {
    reconnect: { initialDelay: 50, maxDelay: 1_000 },
    // Numbers arrive continuously, so two seconds of silence mean that the stream is dead, even on a busy machine.
    watchdog: 2_000,
    keepAlive: 2_000,
    connectTimeout: 5_000,
  });
  const session = new MCPSession(connector, { timeout: 5_000 });
  const ledger = createLedger();
  const ended$ = new Signal<void>();
  const recoveries: number[] = [];
  const calls = { answered: 0, failed: 0, untyped: 0 };
  let connections = 0;
  let gaps = 0;
  let gapTime = 0;
  let lostAt: number | undefined;
  let highest = 0;
  const heard$ = new Signal<void>();

  session.notifications$.pipe(ofMethod('custom/tick')).subscribe(({ params }) => {
    const n = Number(params?.['n']);
    ledger.came(n);
    highest = Math.max(highest, n);
    heard$.next();
  });
  session.gaps$.subscribe((gap) => {
    ledger.gap(gap);
    gaps++;
    gapTime += gap.until - gap.since;
  });
  session.connections$.subscribe(() => connections++);
  session.status$.subscribe((status) => {
    const listens = status.state === 'connected' && status.listening;
    if (listens && lostAt !== undefined) recoveries.push(performance.now() - lostAt);
    if (listens) lostAt = undefined;
    else if (connections > 0) lostAt ??= performance.now();
  });

  /** A call with progress, whose outcome is counted. */
  const call$ = defer(() => session.callTool$('work', { steps: 3, delayMs: 20 })).pipe(
    map((event: CallEvent<unknown>) => (event.kind === 'progress' ? event.progress : event.kind)),
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
  const listening$ = session.status$.pipe(filter((status) => status.state === 'connected' && status.listening));
  await firstValueFrom(listening$);
  call$.pipe(repeat({ delay: 50 }), takeUntil(ended$)).subscribe();

  return {
    listens: async () => {
      await firstValueFrom(listening$);
    },
    heard: async (n) => {
      if (highest < n) await firstValueFrom(heard$.pipe(filter(() => highest >= n)));
    },
    balance: (last, sentAt) => ledger.balance(last, sentAt),
    recoveries,
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
    calls,
    end: async () => {
      ended$.next();
      await session.disconnect();
    },
  };
}
