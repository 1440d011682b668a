import { type Connector, MCPSession } from 'rx-mcp';
import { EMPTY, mergeMap, throwError } from 'rxjs';
import type { Scenario } from './scenario';

/** Any server: nothing is done, only watched, until somebody interrupts or the session ends for good. */
export function followScenario(connector: Connector): Scenario {
  const session = new MCPSession(connector);
  return {
    session,
    steps$: session.status$.pipe(
      mergeMap((status) => (status.state === 'closed' && status.error ? throwError(() => status.error) : EMPTY)),
    ),
    close: () => Promise.resolve(),
  };
}
