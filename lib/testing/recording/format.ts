import { ConfigError } from '../../errors';
import { isObject } from '../../util/isObject';

/** The first line of a recording. */
interface RecordingHeader {
  /** The version of the format: 1. */
  'mcp-recording': number;
  /** The name of the server, from its `serverInfo`. */
  server?: string;
  era?: string;
  protocolVersion?: string;
  /** The time at which `t` is 0, as an ISO 8601 date. */
  startedAt?: string;
  /** The program that wrote the recording. */
  by?: string;
}
export interface RecordedError {
  name: string;
  message: string;
}

/**
 * A line of a recording: a message, or an event of a connection. `t` is the time since `startedAt`, in milliseconds.
 * `c` is the number of the connection, from 1.
 */
export type RecordedEvent = { t: number; c: number } & (
  | { dir: 'in' | 'out'; message: RecordedMessage }
  | { event: 'open' | 'lost' | 'closed'; error?: RecordedError }
  | { event: 'gap'; since: number; until: number }
);

/** A JSON-RPC message. Not validated: a recording may contain invalid messages. */
export type RecordedMessage = Record<string, unknown>;

/** A parsed recording. */
export interface Recording {
  header: RecordingHeader;
  events: readonly RecordedEvent[];
}

/** The version of the format that is written, and the newest version that can be read. */
export const recordingVersion = 1;

/**
 * Parses a recording: the text or the lines of an `.mcp.jsonl` file, or of an NDJSON file of mcporter. Empty lines are
 * skipped.
 *
 * @throws `ConfigError` with the number of the first invalid line.
 */
export function parseRecording(lines: Iterable<string> | string): Recording {
  const header: RecordingHeader = { 'mcp-recording': recordingVersion };
  const events: RecordedEvent[] = [];
  let number = 0;
  let read: ((value: Record<string, unknown>, line: number) => void) | undefined;
  for (const text of typeof lines === 'string' ? lines.split('\n') : lines) {
    number++;
    if (text.trim() === '') continue;
    const value = parseLine(text, number);
    if (read) {
      read(value, number);
    } else if ('mcp-recording' in value) {
      Object.assign(header, parseHeader(value, number));
      read = (line, at) => events.push(parseEvent(line, at));
    } else {
      const readMcporterLine = mcporterReader(events);
      read = (line, at) => {
        if (!readMcporterLine(line)) fail(at, 'neither a header with "mcp-recording" nor a message of mcporter');
      };
      read(value, number);
    }
  }
  if (!read) fail(1, 'the recording is empty');
  return { header, events };
}

function parseLine(text: string, line: number): Record<string, unknown> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    fail(line, 'not valid JSON');
  }
  return isObject(value) ? value : fail(line, 'expected an object');
}

function parseHeader(value: Record<string, unknown>, line: number): RecordingHeader {
  const version = value['mcp-recording'];
  if (version !== recordingVersion) fail(line, `unsupported version ${JSON.stringify(version)} of the format`);
  const texts = ['server', 'era', 'protocolVersion', 'startedAt', 'by'].map((name) => [name, value[name]] as const);
  return {
    'mcp-recording': recordingVersion,
    ...Object.fromEntries(texts.filter(([, text]) => typeof text === 'string')),
  };
}

function parseEvent(value: Record<string, unknown>, line: number): RecordedEvent {
  const { t, c, dir, message, event, error, since, until } = value;
  if (typeof t !== 'number' || !Number.isFinite(t)) fail(line, 't: expected milliseconds');
  if (typeof c !== 'number' || !Number.isInteger(c)) fail(line, 'c: expected the number of a connection');
  if (dir === 'in' || dir === 'out')
    return isObject(message) ? { t, c, dir, message } : fail(line, 'message: expected an object');
  if (event === 'gap') {
    if (typeof since !== 'number' || typeof until !== 'number') fail(line, 'since and until: expected milliseconds');
    return { t, c, event, since, until };
  }
  if (event === 'open' || event === 'lost' || event === 'closed') {
    if (!isObject(error)) return { t, c, event };
    const { name, message: text } = error;
    return { t, c, event, error: { name: textOf(name, 'Error'), message: textOf(text, '') } };
  }
  return fail(line, 'expected "dir" in or out, or "event" open, lost, closed or gap');
}

function textOf(value: unknown, fallback: string): string {
  return typeof value === 'string' ? value : fallback;
}

/**
 * Creates a reader for the lines of an mcporter recording, where the `_meta` of each message contains direction, server
 * and time. Reads the messages of the first server only. The reader returns `false` for lines in another format.
 */
function mcporterReader(events: RecordedEvent[]): (line: Record<string, unknown>) => boolean {
  let first: { server: unknown; at: number } | undefined;
  let c = 1;
  return ({ _meta, ...message }) => {
    if (!isObject(_meta) || typeof _meta['ts'] !== 'string') return false;
    const { dir, server, ts } = _meta;
    const at = Date.parse(ts);
    if (Number.isNaN(at) || (dir !== 'send' && dir !== 'recv' && dir !== 'lifecycle')) return false;
    first ??= { server, at };
    if (server !== first.server) return true;
    const t = at - first.at;
    if (dir !== 'lifecycle') events.push({ t, c, dir: dir === 'send' ? 'out' : 'in', message });
    else if (message['method'] === '$transport/close') events.push({ t, c, event: 'closed' });
    else if (events.length > 0) c++;
    return true;
  };
}

function fail(line: number, reason: string): never {
  throw new ConfigError(`recording: line ${line}: ${reason}`, { path: `line ${line}` });
}
