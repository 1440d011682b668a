import { parseRecording, type RecordedEvent, type RecordedMessage } from '../../lib/testing/recording/format';
import { type FeedEntry, feedEntry } from './feedEntry';
import { trafficEntries } from './trafficEntry';

/** A recording that can be replayed to any time. */
export interface OpenedRecording {
  readonly file: string;
  readonly server: string;
  readonly protocol: string;
  /** The start time of the recording and the program that made it. Empty if the recording does not contain them. */
  readonly startedAt: string;
  readonly by: string;
  /** Milliseconds from the header to the last event. */
  readonly duration: number;
  /** All events, ordered by time. */
  readonly steps: readonly RecordedStep[];
}

/** An event of a recording, with its feed entries. */
export interface RecordedStep {
  /** Milliseconds since the header. */
  readonly t: number;
  readonly event: RecordedEvent;
  readonly traffic: FeedEntry;
  readonly notification: FeedEntry | undefined;
}

/**
 * Opens a recording.
 *
 * @throws `ConfigError` with the number of the invalid line.
 */
export function openRecording(file: string, text: string): OpenedRecording {
  const { header, events } = parseRecording(text);
  const { server = file, protocolVersion, era, startedAt = '', by = '' } = header;
  const trafficOf = trafficEntries(server);
  const steps = [...events]
    .sort((one, other) => one.t - other.t)
    .map((event, index): RecordedStep => {
      const { t } = event;
      const notification = notificationIn(event);
      return {
        t,
        event,
        traffic: trafficOf(index, { at: t, connection: event.c, ...event }),
        notification: notification && feedEntry(index, t, { server, notification }),
      };
    });
  return {
    file,
    server,
    protocol: protocolVersion ?? era ?? protocolIn(events),
    startedAt,
    by,
    duration: Math.max(1, steps.at(-1)?.t ?? 0),
    steps,
  };
}

/** Returns the server's notification in an event, if there is one. */
function notificationIn(event: RecordedEvent): { method: string; params?: Record<string, unknown> } | undefined {
  if (!('message' in event) || event.dir === 'out') return undefined;
  const { id, method, params } = event.message;
  if (id !== undefined || typeof method !== 'string') return undefined;
  return { method, ...(isRecord(params) && { params }) };
}

/** Returns the protocol version that the server chose. Needed for recordings of other programs, which have no header with it. */
function protocolIn(events: readonly RecordedEvent[]): string {
  for (const event of events) {
    const result = 'message' in event && event.dir === 'in' ? event.message['result'] : undefined;
    if (isRecord(result) && typeof result['protocolVersion'] === 'string') return result['protocolVersion'];
  }
  return '';
}

/** Whether a value in a recording is an object. */
export const isRecord = (value: unknown): value is RecordedMessage =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
