import { setTimeout } from 'node:timers/promises';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { HttpConnector, MCPSession } from 'rx-mcp';
import { filter, firstValueFrom, skip, Subject } from 'rxjs';
import { createLedger, type Ledger } from '../createLedger';

/** A client that accounts for received numbers. */
export interface Listener {
  readonly client: 'own' | 'raw';
  /** The id of its session. */
  readonly id: string;
  /** The numbers sent to its session. */
  readonly own: Ledger;
  /** The numbers sent to all sessions. */
  readonly all: Ledger;
  /** The latest numbers. */
  readonly latest: { own: number; all: number };
  readonly gaps: number;
  /** Waits up to `ms` milliseconds for a number to arrive both ways. Resolves with whether it has. */
  receives(n: number, ms: number): Promise<boolean>;
  /** Resolves when this many more notifications of a method have arrived. */
  next(method: string, count?: number): Promise<void>;
  readonly calls: CallCounts;
  /** Starts a call with progress, and counts its outcome. */
  call(steps: number, delay: number): Promise<void>;
  end(): Promise<void>;
}

/** The outcomes of calls. */
export interface CallCounts {
  done: number;
  /** Calls that ended because their node was gone. */
  nodeLost: number;
  /** Calls that ended with a different error. */
  failed: Record<string, number>;
  /** Calls with progress that was out of order, duplicated or missing. */
  wrong: number;
}

function createCounts() {
  const own = createLedger();
  const all = createLedger();
  const latest = { own: 0, all: 0 };
  const calls: CallCounts = { done: 0, nodeLost: 0, failed: {}, wrong: 0 };
  const received$ = new Subject<string>();
  return {
    own,
    all,
    latest,
    calls,
    async next(wanted: string, count = 1): Promise<void> {
      const wanted$ = received$.pipe(filter((method) => method === wanted));
      await firstValueFrom(wanted$.pipe(skip(count - 1)));
    },
    receive(method: string, n: unknown): void {
      received$.next(method);
      const kind = method === 'custom/own' ? 'own' : method === 'custom/all' ? 'all' : undefined;
      if (!kind || typeof n !== 'number') return;
      latest[kind] = Math.max(latest[kind], n);
      (kind === 'own' ? own : all).receive(n);
    },
    async receives(n: number, ms: number): Promise<boolean> {
      const end = performance.now() + ms;
      const hasArrived = (): boolean => latest.own >= n && latest.all >= n;
      while (!hasArrived() && performance.now() < end) await setTimeout(20);
      return hasArrived();
    },
    failed(error: unknown): void {
      const {
        name = '',
        message = '',
        data,
      } = error as { name?: string; message?: string; data?: { reason?: string } };
      if (data?.reason === 'node_lost') calls.nodeLost++;
      else calls.failed[`${name}: ${message}`] = (calls.failed[`${name}: ${message}`] ?? 0) + 1;
    },
    ended(steps: number[], count: number): void {
      if (steps.length === count && steps.every((step, index) => step === index + 1)) calls.done++;
      else calls.wrong++;
    },
  };
}

/** Opens a session of this library's client. */
export async function listenWithOwn(url: URL): Promise<Listener> {
  const counts = createCounts();
  let gaps = 0;
  let id = '';
  // A server that lost its data may make the client begin a new session.
  const followSession: typeof fetch = async (input, init) => {
    const response = await fetch(input, init);
    id = response.headers.get('mcp-session-id') ?? id;
    return response;
  };
  const session = new MCPSession(
    new HttpConnector(url, { fetch: followSession, reconnect: { initialDelay: 50, maxDelay: 500, stableAfter: 500 } }),
  );
  session.notifications$.subscribe(({ method, params }) => counts.receive(method, params?.['n']));
  session.gaps$.subscribe((gap) => {
    gaps++;
    counts.own.gap(gap);
    counts.all.gap(gap);
  });
  await session.connect({ retry: true });
  await firstValueFrom(session.status$.pipe(filter((status) => status.state === 'connected' && status.listening)));
  return {
    client: 'own',
    get id() {
      return id;
    },
    ...counts,
    get gaps() {
      return gaps;
    },
    call: (count, delay) =>
      new Promise((resolve) => {
        const steps: number[] = [];
        session.callTool$('steps', { count, delay }).subscribe({
          next: (event) => event.kind === 'progress' && steps.push(event.progress),
          error: (error: unknown) => {
            counts.failed(error);
            resolve();
          },
          complete: () => {
            counts.ended(steps, count);
            resolve();
          },
        });
      }),
    end: () => session.disconnect(),
  };
}

/** Opens a session of the SDK's client. */
export async function listenWithRaw(url: URL): Promise<Listener> {
  const counts = createCounts();
  const client = new Client({ name: 'raw', version: '1.0.0' });
  client.fallbackNotificationHandler = async ({ method, params }) => counts.receive(method, params?.['n']);
  client.onerror = () => undefined;
  const reconnectionOptions = {
    initialReconnectionDelay: 50,
    maxReconnectionDelay: 500,
    reconnectionDelayGrowFactor: 1.5,
    maxRetries: 1_000,
  };
  const transport = new StreamableHTTPClientTransport(url, { reconnectionOptions });
  await client.connect(transport);
  return {
    client: 'raw',
    id: transport.sessionId ?? '',
    ...counts,
    gaps: 0,
    async call(count, delay) {
      const steps: number[] = [];
      const options = {
        onprogress: ({ progress }: { progress: number }) => void steps.push(progress),
        timeout: 60_000,
      };
      try {
        await client.callTool({ name: 'steps', arguments: { count, delay } }, undefined, options);
        counts.ended(steps, count);
      } catch (error) {
        counts.failed(error);
      }
    },
    async end() {
      // The SDK's transport reconnects its other streams even after it was closed.
      reconnectionOptions.maxRetries = 0;
      await client.close();
    },
  };
}
