import { type Connector, type Engine, MCPSession } from 'rx-mcp';
import { StdioConnector } from 'rx-mcp/stdio';
import { EMPTY, endWith, ignoreElements, mergeMap, takeUntil, throwError } from 'rxjs';
import { reconnect, type Scenario } from './scenario';

/** Creates a scenario that watches any server until the user interrupts it or the session ends with an error. */
export function follow(connector: Connector): Scenario {
  const session = new MCPSession(connector);
  return {
    session,
    steps$: session.status$.pipe(
      mergeMap((status) => (status.state === 'closed' && status.error ? throwError(() => status.error) : EMPTY)),
    ),
    close: () => Promise.resolve(),
  };
}

/**
 * Creates a scenario that watches a server program over stdio. It includes the program's standard error, which often explains why
 * the program exited.
 */
export function followCommand(command: string, args: readonly string[], engine?: Engine): Scenario {
  const connector = new StdioConnector({ command, args, stderr: 'pipe' }, { reconnect, engine });
  const scenario = follow(connector);
  const ended$ = scenario.session.status$.pipe(ignoreElements(), endWith(true));
  return { ...scenario, stderr$: connector.stderr$.pipe(takeUntil(ended$)) };
}
