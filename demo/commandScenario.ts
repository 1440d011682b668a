import type { Engine } from 'rx-mcp';
import { StdioConnector } from 'rx-mcp/stdio';
import { endWith, ignoreElements, takeUntil } from 'rxjs';
import { followScenario } from './followScenario';
import { reconnect } from './reconnect';
import type { Scenario } from './scenario';

/** Any server that is a program, followed; with what it writes to its standard error, which often says why it ended. */
export function commandScenario(command: string, args: readonly string[], engine?: Engine): Scenario {
  const connector = new StdioConnector({ command, args, stderr: 'pipe' }, { reconnect, engine });
  const scenario = followScenario(connector);
  const ended$ = scenario.session.status$.pipe(ignoreElements(), endWith(true));
  return { ...scenario, stderr$: connector.stderr$.pipe(takeUntil(ended$)) };
}
