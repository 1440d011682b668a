import type { Connection } from '../../client/connection/connection';
import type { WireEvent } from '../../client/connection/wireEvent';
import type { JSONRPCMessage } from '../../protocol/types';
import { version } from '../../version';
import { recordingVersion } from './format';

/** Writes the lines of a recording. */
export interface Recorder {
  wire(event: WireEvent): void;
  gap(connection: number, since: number, until: number, at: number): void;
  /** Writes the header. Called when the first connection is open, or the attempt to open it has failed. */
  begin(connection?: Pick<Connection, 'serverInfo' | 'protocolEra' | 'protocolVersion'>): void;
}

/**
 * Creates a {@link Recorder}.
 *
 * @param sink - called with each line.
 * @param startedAt - the time at which `t` is 0, in milliseconds since the Unix epoch.
 */
export function createRecorder(
  sink: (line: string) => void,
  { redact }: { redact?: ((message: JSONRPCMessage) => JSONRPCMessage | undefined) | undefined },
  startedAt: number,
): Recorder {
  let waiting: object[] | undefined = [];
  const write = (line: object): void => {
    if (waiting) waiting.push(line);
    else sink(JSON.stringify(line));
  };
  return {
    wire({ at, connection: c, ...event }) {
      const t = at - startedAt;
      if ('message' in event) {
        const message = redact ? redact(event.message) : event.message;
        if (message) write({ t, c, dir: event.dir, message });
      } else {
        const { error } = event;
        write({ t, c, event: event.event, ...(error && { error: { name: error.name, message: error.message } }) });
      }
    },
    gap: (c, since, until, at) =>
      write({ t: at - startedAt, c, event: 'gap', since: since - startedAt, until: until - startedAt }),
    begin(connection) {
      if (!waiting) return;
      const lines = waiting;
      waiting = undefined;
      write({
        'mcp-recording': recordingVersion,
        server: connection?.serverInfo.name,
        era: connection?.protocolEra,
        protocolVersion: connection?.protocolVersion,
        startedAt: new Date(startedAt).toISOString(),
        by: `rx-mcp/${version}`,
      });
      lines.forEach(write);
    },
  };
}
