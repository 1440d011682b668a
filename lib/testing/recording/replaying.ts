import { defer, type Observable, type SchedulerLike, switchMap } from 'rxjs';
import { ConnectionFailedError } from '../../errors';
import type { Connection } from '../../client/connection/connection';
import { type Connector, connectorChecks, type ConnectorOptions, type Engine } from '../../client/connection/connector';
import { engineContext } from '../../client/connection/engineContext';
import { TransportConnector } from '../../client/connector/transportConnector';
import { assertOptions, check, hasMethods, isOneOf } from '../../util/options';
import { parseRecording } from './format';
import { createReplayTransport } from './replayTransport';
import { scriptsOf } from './script';

/** Options for {@link replaying}, in addition to those of every connector. */
export interface ReplayingOptions extends ConnectorOptions {
  /**
   * The recorded request that answers a request: `'ordered'` (default): the next one, which must be equal; `'any'`: the first
   * equal one that has not been used yet, otherwise the last equal one again.
   */
  match?: 'ordered' | 'any' | undefined;
  /** When events happen: `'recorded'` (default): at their recorded times; `'asap'`: one directly after the other. */
  pace?: 'recorded' | 'asap' | undefined;
  /** The scheduler of the replay. Default: that of the session. */
  scheduler?: SchedulerLike | undefined;
}

/**
 * Returns a connector that replays a recording instead of connecting to a server: its responses, notifications, losses and gaps.
 *
 * Each connection replays the next recorded one, so a session whose connection was lost in the recording loses it again and
 * reconnects. Requests match by method and params; ids, `_meta` and the description of the client are ignored. A request that is
 * not in the recording fails with a `ServerError` whose message contains the request. Pings are always answered.
 *
 * @param lines - the text or the lines of an `.mcp.jsonl` file, or of a recording of mcporter.
 * @throws `ConfigError` with the first invalid line of the recording, or for an invalid or unknown option.
 */
export function replaying(lines: Iterable<string> | string, options: ReplayingOptions = {}): Connector {
  assertOptions(options, {
    ...connectorChecks,
    match: isOneOf('ordered', 'any'),
    pace: isOneOf('recorded', 'asap'),
    scheduler: hasMethods('a scheduler', 'schedule', 'now'),
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

/** The engine for 2026-07-28. Loaded only when a recording of that era is replayed. */
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
