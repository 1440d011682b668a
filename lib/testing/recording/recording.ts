import { defer, finalize, type Observable, tap } from 'rxjs';
import { HandlerError } from '../../errors';
import type { Connection, EngineContext } from '../../client/connection/connection';
import type { Connector } from '../../client/connection/connector';
import { engineContext } from '../../client/connection/engineContext';
import type { JSONRPCMessage } from '../../protocol/types';
import { assertOptions, hasMethods, isFunction } from '../../util/options';
import { createRecorder, type Recorder } from './recorder';

/** Options for {@link recording}. Read when the connector is created. */
export interface RecordingOptions {
  /**
   * Called with each message before it is written, to remove secrets. Returns the message to write, or `undefined` to
   * omit the message. Default: messages are written unmodified.
   */
  redact?: ((message: JSONRPCMessage) => JSONRPCMessage | undefined) | undefined;
}

/**
 * Wraps a connector, and records its connections in the `.mcp.jsonl` format: all messages, lost connections and gaps,
 * with their times. HTTP headers are not recorded. Use the returned connector for one session at a time.
 *
 * @param connector - the connector to record.
 * @param sink - called with each line, without a line break. The first line is the header.
 * @param options - a function that removes secrets. Default: `{}`.
 *
 * @example
 * const lines: string[] = [];
 * const session = new MCPSession(recording(new HttpConnector(url), (line) => lines.push(line)));
 */
export function recording(
  connector: Connector,
  sink: (line: string) => void,
  options: RecordingOptions = {},
): Connector {
  hasMethods('a Connector', 'connect')(connector, 'connector');
  isFunction(sink, 'sink');
  assertOptions(options, { redact: isFunction });
  let recorder: Recorder | undefined;
  return {
    options: connector.options,
    connect: (given) =>
      defer(() => {
        const context = engineContext(given, connector.options.roots);
        recorder ??= createRecorder(sink, options, context.scheduler.now());
        return recordOne(connector, context, recorder);
      }),
  };
}

function recordOne(connector: Connector, context: EngineContext, recorder: Recorder): Observable<Connection> {
  const { connection: number = 1, hub, wire$ } = context;
  const observed: EngineContext = {
    ...context,
    wire$: {
      observed: true,
      next(event) {
        try {
          recorder.wire(event);
        } catch (cause) {
          hub.report(new HandlerError('recording: the sink or the redaction failed', { cause }));
        }
        if (wire$?.observed) wire$.next(event);
      },
    },
  };
  const gaps = hub.gaps$.subscribe(({ since, until }) => recorder.gap(number, since, until, context.scheduler.now()));
  return connector.connect(observed).pipe(
    tap({
      next: (connection) => recorder.begin(connection),
      error: () => recorder.begin(),
    }),
    finalize(() => gaps.unsubscribe()),
  );
}
