import { createRequire } from 'node:module';
import { MCPSession } from 'rx-mcp';
import { StdioConnector } from 'rx-mcp/stdio';
import { BehaviorSubject, concat, defer, EMPTY, ignoreElements, mergeMap, of } from 'rxjs';
import { bounded } from './bounded';
import { callFacts } from './callFacts';
import { reconnect } from './reconnect';
import type { Scenario } from './scenario';
import { step } from './step';

const { resolve } = createRequire(import.meta.url);

/** A server that nobody here wrote, as a program, and everything that it can be made to send. */
export function everythingScenario(): Scenario {
  const program = resolve('@modelcontextprotocol/server-everything/dist/index.js');
  const connector = new StdioConnector(
    { command: process.execPath, args: [program, 'stdio'], stderr: 'ignore' },
    { reconnect },
  );
  const session = new MCPSession(connector, { timeout: 10_000 });

  const workspace$ = new BehaviorSubject([{ uri: 'file:///home/ada/app' }]);
  workspace$.subscribe(session.roots$);

  // It asks for these in the middle of a call.
  session.handle('sampling/createMessage', () =>
    of({ role: 'assistant', content: { type: 'text', text: 'Blue.' }, model: 'none' }),
  );
  session.handle('elicitation/create', () => of({ action: 'accept', content: { name: 'Ada' } }));

  const call = (tool: string, args?: Record<string, unknown>) => callFacts(session, tool, args);
  /** Every resource there is; which ones it tells of is up to the server. */
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
      step('A tool is called that takes its time', () =>
        call('trigger-long-running-operation', { duration: 2, steps: 8 }),
      ),
      step('It logs from time to time', () => call('toggle-simulated-logging')),
      step('It tells of resources that change', () => concat(subscribed$, call('toggle-subscriber-updates'))),
      step('It gets another resource', () =>
        call('gzip-file-as-resource', { name: 'hello.gz', data: 'data:text/plain,hello' }),
      ),
      step('It asks for a model', () => call('trigger-sampling-request', { prompt: 'Which colour?', maxTokens: 10 })),
      step('It asks the user', () => call('trigger-elicitation-request')),
    ).pipe(bounded()),
    close: () => Promise.resolve(),
  };
}
