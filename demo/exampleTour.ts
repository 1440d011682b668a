import { setTimeout } from 'node:timers/promises';
import { backoff, type Engine, HttpConnector, MCPSession, type Root } from 'rx-mcp';
import { modern } from 'rx-mcp/modern';
import {
  BehaviorSubject,
  concat,
  connect,
  defer,
  EMPTY,
  endWith,
  filter,
  ignoreElements,
  merge,
  type MonoTypeOperatorFunction,
  type Observable,
  retry,
  take,
  takeUntil,
} from 'rxjs';
import type { DemoFact } from './facts';
import { callFacts, reconnect, type Scenario, step, withinTourTimeout } from './scenario';
import { type RunningExampleServer, startExampleServer } from './server/startExampleServer';
import { startFailingProxy } from './startFailingProxy';

/** Protocol eras: 2025-11-25 and earlier, and 2026-07-28. */
export type Era = 'legacy' | 'modern';

/** A program that serves over HTTP, and its arguments. */
interface ServerProgram {
  readonly program: string;
  readonly args?: readonly string[];
}

/** The differences between the tours of the two eras. */
interface Tour {
  readonly engine?: Engine;
  /** The server on the SDK, for comparison. */
  readonly sdk: ServerProgram;
  /** Makes the server send heartbeats, if it does not send them on its own. Cold. */
  heartbeat$(session: MCPSession): Observable<DemoFact>;
  /** Makes the server read the roots, if the protocol version cannot notify it of changes. Cold. */
  readRoots$(session: MCPSession): Observable<DemoFact>;
}

/** The example server, which is written with `rx-mcp/server` and serves both eras. */
const example: ServerProgram = { program: 'demo/server/main.ts', args: ['--heartbeat', '500'] };

/** The tour of each era. */
export const tours: Record<Era, Tour> = {
  legacy: {
    sdk: { program: 'spec/rig/legacyServer/main.ts', args: ['--heartbeat', '500'] },
    heartbeat$: () => EMPTY,
    readRoots$: () => EMPTY,
  },
  modern: {
    engine: modern({ negotiation: 'modern' }),
    sdk: { program: 'spec/rig/modernServer/main.ts' },
    // In this version, custom notifications are sent on the response to a call. This call never ends, and is retried.
    heartbeat$: (session) =>
      session
        .callTool$('heartbeat', { intervalMs: 500 }, { timeout: 120_000 })
        // A proxy can respond with any status during a deploy.
        .pipe(ignoreElements(), retry(backoff({ ...reconnect, isRetryable: () => true }))),
    readRoots$: (session) => callFacts(session, 'ask_roots'),
  },
};

/** The duration of each status during a deploy, in milliseconds. */
const failingMs = 400;

const app: Root = { uri: 'file:///home/ada/app', name: 'app' };
const data: Root = { uri: 'file:///home/ada/data', name: 'data' };

/**
 * Creates the tour. The server sends every kind of message from its own process, is killed and starts again. The steps
 * are the same in both eras, except that a modern server can only send during a request.
 *
 * @param onSdk - whether to use a server that is written with the SDK.
 */
export async function exampleTour(era: Era, onSdk = false): Promise<Scenario> {
  const { engine, heartbeat$, readRoots$, sdk } = tours[era];
  const startServer = (port?: number): Promise<RunningExampleServer> =>
    startExampleServer({ port, ...(onSdk ? sdk : example) });
  let server = await startServer();
  const session = new MCPSession(new HttpConnector(server.url, { reconnect, engine }), { timeout: 10_000 });

  const workspace$ = new BehaviorSubject([app]);
  workspace$.subscribe(session.roots$);

  const call = (tool: string, params: Record<string, unknown>) => callFacts(session, tool, params);
  const log = (level: string, message: string) => call('log', { level, message });
  const openFolders = (...roots: Root[]) => {
    workspace$.next(roots);
    return EMPTY;
  };
  const restarted$ = defer(async () => {
    server = await startServer(server.port);
  }).pipe(ignoreElements());
  /** A rolling deploy: a proxy without a backend, then a new process on the same port. */
  const deployed$ = defer(async () => {
    const proxy = await startFailingProxy(server.port);
    await setTimeout(failingMs);
    proxy.respondWith(404);
    await setTimeout(failingMs);
    await proxy.close();
    server = await startServer(server.port);
  }).pipe(ignoreElements());
  const connected$ = session.status$.pipe(
    filter(({ state }) => state === 'connected'),
    take(1),
    ignoreElements(),
  );

  return {
    session,
    steps$: concat(
      step('The server is up and sends heartbeats', () => EMPTY),
      step('A second folder is opened: the server reads the roots', () =>
        concat(openFolders(app, data), readRoots$(session)),
      ),
      step('A tool call that takes a while reports its progress', () =>
        call('long_task', { name: 'build', steps: 12, delayMs: 150 }),
      ),
      step('The server adds a tool: the list is fetched again', () => call('toggle_tool', { name: 'weather' })),
      step('The server logs at four levels: warning and above are shown', () =>
        concat(
          log('debug', 'cache is cold'),
          log('info', 'listening'),
          log('warning', 'disk is nearly full'),
          log('error', 'disk is full'),
        ),
      ),
      step('The server is killed', () => {
        server.kill();
        return EMPTY;
      }),
      step('A folder is closed while there is no connection', () => openFolders(app)),
      step('The server is started again on the same port', () => restarted$),
      step('Everything is restored', () =>
        concat(connected$, readRoots$(session), call('long_task', { name: 'test', steps: 8, delayMs: 150 })),
      ),
      step('A new version is deployed: a proxy answers 502, then 404, then a new process takes over', () =>
        concat(defer(() => server.stop()).pipe(ignoreElements()), deployed$, connected$),
      ),
      step('The server adds two tools, one after the other', () =>
        concat(call('toggle_tool', { name: 'weather' }), call('toggle_tool', { name: 'tides' })),
      ),
    ).pipe(beside(heartbeat$(session)), withinTourTimeout()),
    close: () => server.stop(),
  };
}

/** Subscribes to another stream until the source completes. */
function beside<T>(other$: Observable<T>): MonoTypeOperatorFunction<T> {
  return connect((source$) => merge(other$.pipe(takeUntil(source$.pipe(ignoreElements(), endWith(true)))), source$));
}
