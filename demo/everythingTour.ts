import { createRequire } from 'node:module';
import { MCPSession } from 'rx-mcp';
import { StdioConnector } from 'rx-mcp/stdio';
import { BehaviorSubject, concat, defer, EMPTY, ignoreElements, mergeMap, of } from 'rxjs';
import { callFacts, reconnect, type Scenario, step, withinTourTimeout } from './scenario';

const { resolve } = createRequire(import.meta.url);

/** Creates the tour of `@modelcontextprotocol/server-everything`, over stdio. */
export function everythingTour(): Scenario {
  const program = resolve('@modelcontextprotocol/server-everything/dist/index.js');
  const connector = new StdioConnector(
    { command: process.execPath, args: [program, 'stdio'], stderr: 'ignore' },
    { reconnect },
  );
  const session = new MCPSession(connector, { timeout: 10_000 });

  const workspace$ = new BehaviorSubject([{ uri: 'file:///home/ada/app' }]);
  workspace$.subscribe(session.roots$);

  // The server sends these requests during a call.
  session.handle('sampling/createMessage', () =>
    of({ role: 'assistant', content: { type: 'text', text: 'Blue.' }, model: 'none' }),
  );
  session.handle('elicitation/create', () => of({ action: 'accept', content: { name: 'Ada' } }));

  const call = (tool: string, args?: Record<string, unknown>) => callFacts(session, tool, args);
  /** Subscribes to every resource. The server decides which ones it updates. */
  const subscribed$ = defer(() => session.listAllResources()).pipe(
    mergeMap((resources) => resources),
    mergeMap(({ uri }) => session.request('resources/subscribe', { uri })),
    ignoreElements(),
  );

  return {
    session,
    steps$: concat(
      step('A folder is opened: the server reads the roots', () => {
        workspace$.next([{ uri: 'file:///home/ada/app' }, { uri: 'file:///home/ada/data' }]);
        return EMPTY;
      }),
      step('A tool call that takes a while reports its progress', () =>
        call('trigger-long-running-operation', { duration: 2, steps: 8 }),
      ),
      step('The server logs every few seconds', () => call('toggle-simulated-logging')),
      step('The server notifies of resources that change', () =>
        concat(subscribed$, call('toggle-subscriber-updates')),
      ),
      step('The server adds a resource', () =>
        call('gzip-file-as-resource', { name: 'hello.gz', data: 'data:text/plain,hello' }),
      ),
      step('The server requests a completion from a model', () =>
        call('trigger-sampling-request', { prompt: 'Which colour?', maxTokens: 10 }),
      ),
      step('The server asks the user for input', () => call('trigger-elicitation-request')),
    ).pipe(withinTourTimeout()),
    close: () => Promise.resolve(),
  };
}
