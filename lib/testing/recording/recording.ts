import { defer, finalize, type Observable, tap } from 'rxjs';
import { HandlerError } from '../../errors';
import type { Connection, EngineContext } from '../../client/connection/connection';
import type { Connector } from '../../client/connection/connector';
import { engineContext } from '../../client/connection/engineContext';
import type { JSONRPCMessage } from '../../protocol/types';
import { assertOptions, hasMethods, isFunction } from '../../util/options';
import { createRecorder, type Recorder } from './recorder';

/** Options for {@link recording}. */
export interface RecordingOptions {
  /** Returns the message to write instead of one that may contain secrets. If it returns `undefined`, no message is written. */
  redact?: ((message: JSONRPCMessage) => JSONRPCMessage | undefined) | undefined;
}

/**
 * Returns a connector that records all messages, losses and gaps of another connector's connections, as lines of the `.mcp.jsonl`
 * format. Use it for one session at a time. HTTP headers are not recorded.
 *
 * @param sink - called with each line, without a line break. The header is the first line.
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
