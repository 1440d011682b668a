import { HttpConnector, MCPSession, type Root } from 'rx-mcp';
import { BehaviorSubject, concat, defer, EMPTY, filter, ignoreElements, take } from 'rxjs';
import { beside } from './beside';
import { bounded } from './bounded';
import { callFacts } from './callFacts';
import type { Era } from './era';
import { reconnect } from './reconnect';
import type { Scenario } from './scenario';
import { step } from './step';
import { tours } from './tours';

const app: Root = { uri: 'file:///home/ada/app', name: 'app' };
const data: Root = { uri: 'file:///home/ada/data', name: 'data' };

/**
 * The tour: an example server in a process of its own, everything it can send, and what happens when it dies. The same in
 * each version of the protocol, but for what a server can do only while it is asked something.
 */
export async function exampleScenario(era: Era): Promise<Scenario> {
  const { engine, startServer, heartbeat$, readRoots$ } = tours[era];
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
  const connected$ = session.status$.pipe(
    filter(({ state }) => state === 'connected'),
    take(1),
    ignoreElements(),
  );

  return {
    session,
    steps$: concat(
      step('The server is up, its heart beats', () => EMPTY),
      step('A second folder is opened, and the server reads the roots', () =>
        concat(openFolders(app, data), readRoots$(session)),
      ),
      step('A tool is called that takes its time', () => call('long_task', { name: 'build', steps: 12, delayMs: 150 })),
      step('The server gets another tool: the list is fetched again', () => call('toggle_tool', { name: 'weather' })),
      step('It logs at four levels: warning and above are shown', () =>
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
      step('A folder is closed while nobody is there to be told', () => openFolders(app)),
      step('The server is started again in the same place', () => restarted$),
      step('All is as before', () =>
        concat(connected$, readRoots$(session), call('long_task', { name: 'test', steps: 8, delayMs: 150 })),
      ),
      step('The server gets two tools, one after the other', () =>
        concat(call('toggle_tool', { name: 'weather' }), call('toggle_tool', { name: 'tides' })),
      ),
    ).pipe(beside(heartbeat$(session)), bounded()),
    close: () => server.stop(),
  };
}
