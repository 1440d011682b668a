import { HttpConnector, MCPSession, type Root } from 'rx-mcp';
import { BehaviorSubject, concat, defer, EMPTY, filter, ignoreElements, take } from 'rxjs';
import { startExampleServer } from '../server/startExampleServer';
import { bounded } from './bounded';
import { callFacts } from './callFacts';
import { reconnect } from './reconnect';
import type { Scenario } from './scenario';
import { step } from './step';

const app: Root = { uri: 'file:///home/ada/app', name: 'app' };
const data: Root = { uri: 'file:///home/ada/data', name: 'data' };
const args = ['--heartbeat', '500'];

/** The tour: the example server in a process of its own, everything it can send, and what happens when it dies. */
export async function exampleScenario(): Promise<Scenario> {
  let server = await startExampleServer({ args });
  const session = new MCPSession(new HttpConnector(server.url, { reconnect }), { timeout: 10_000 });

  const workspace$ = new BehaviorSubject([app]);
  workspace$.subscribe(session.roots$);

  const call = (tool: string, params: Record<string, unknown>) => callFacts(session, tool, params);
  const log = (level: string, message: string) => call('log', { level, message });
  const openFolders = (...roots: Root[]) => {
    workspace$.next(roots);
    return EMPTY;
  };
  const restarted$ = defer(async () => {
    server = await startExampleServer({ port: server.port, args });
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
      step('A second folder is opened: the server is told, and reads the roots', () => openFolders(app, data)),
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
      step('All is as before', () => concat(connected$, call('long_task', { name: 'test', steps: 8, delayMs: 150 }))),
      step('The server gets two tools, one after the other', () =>
        concat(call('toggle_tool', { name: 'weather' }), call('toggle_tool', { name: 'tides' })),
      ),
    ).pipe(bounded()),
    close: () => server.stop(),
  };
}
