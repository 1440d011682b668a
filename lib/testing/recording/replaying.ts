import { defer, type Observable, type SchedulerLike, switchMap } from 'rxjs';
import { ConnectionFailedError } from '../../errors';
import type { Connection } from '../../client/connection/connection';
import { type Connector, connectorChecks, type ConnectorOptions, type Engine } from '../../client/connection/connector';
import { engineContext } from '../../client/connection/engineContext';
import { TransportConnector } from '../../client/connector/transportConnector';
import { assertOptions, check, isOneOf, isScheduler } from '../../util/options';
import { parseRecording } from './format';
import { createReplayTransport } from './replayTransport';
import { scriptsOf } from './script';

/** Options for {@link replaying}, in addition to those of all connectors. */
export interface ReplayingOptions extends ConnectorOptions {
  /**
   * Which recorded request must match a request of the client. `'ordered'` (default): the next one. `'any'`: the first
   * equal one that has not been used yet, or else the last equal one again.
   */
  match?: 'ordered' | 'any' | undefined;
  /**
   * The timing of the replay. `'recorded'` (default): events happen at their recorded times. `'asap'`: events happen
   * without delays.
   */
  pace?: 'recorded' | 'asap' | undefined;
  /** The scheduler for the recorded times. Default: the scheduler of the session. */
  scheduler?: SchedulerLike | undefined;
}

/**
 * Creates a connector that replays a recording instead of connecting to a server: responses, notifications, lost
 * connections and gaps.
 *
 * Each connection replays the next recorded connection. If a connection was lost in the recording, the session loses it
 * as well, and reconnects. Requests are matched by method and params; ids, `_meta` and the description of the client
 * are ignored. A request that is not in the recording fails with a `ServerError` that contains its method. Pings are
 * always answered.
 *
 * @param lines - the text or the lines of an `.mcp.jsonl` file, or of an mcporter recording.
 * @param options - matching, timing and the options of all connectors. Default: `{}`.
 * @throws `ConfigError` if the recording is invalid, or an option is invalid or unknown. For a recording, the message
 *   contains the number of the first invalid line.
 *
 * @example
 * const session = new MCPSession(replaying(await readFile('session.mcp.jsonl', 'utf8')));
 */
export function replaying(lines: Iterable<string> | string, options: ReplayingOptions = {}): Connector {
  assertOptions(options, {
    ...connectorChecks,
    match: isOneOf('ordered', 'any'),
    pace: isOneOf('recorded', 'asap'),
    scheduler: isScheduler,
  });
  const { match = 'ordered', pace = 'recorded', scheduler, ...connectorOptions } = options;
  isLines(lines, 'lines');
  const { header, events } = parseRecording(lines);
  const scripts = scriptsOf(events);
  const given: ConnectorOptions = { ...(header.era === 'modern' && { engine: modernEngine }), ...connectorOptions };
  const all = scripts.flatMap(({ requests }) => requests);
  const unusedOfAll = new Set(all);
  let next = 0;
  return {
    options: given,
    connect: (passed) =>
      defer(() => {
        const context = engineContext(passed, given.roots);
        const script = scripts[next++];
        const connector = new TransportConnector(() => {
          if (script) {
            const requests = match === 'any' ? all : script.requests;
            const unused = match === 'any' ? unusedOfAll : new Set(requests);
            return createReplayTransport(script, {
              match,
              pace,
              scheduler: scheduler ?? context.scheduler,
              hub: context.hub,
              requests,
              unused,
            });
          }
          throw new ConnectionFailedError('replaying: the recording has no further connection', { retryable: false });
        }, given);
        return connector.connect(context);
      }),
  };
}

/** Loads the engine for protocol 2026-07-28 on demand, for recordings of that version. */
function modernEngine(target: Parameters<Engine>[0]): Observable<Connection> {
  return defer(() => import('../../client/modern/modern')).pipe(
    switchMap(({ modern }) => modern({ negotiation: 'modern' })(target)),
  );
}

const isLines = check('the lines of a recording, not the path of a file', (value) =>
  typeof value === 'string'
    ? /[{\n]|^$/.test(value)
    : typeof value === 'object' && value !== null && Symbol.iterator in value,
);
