import { Subscription } from 'rxjs';
import { isObject } from '../util/isObject';
import { callEventId, resumeCall, type CallRecord } from './callReader';
import { eventOf, EventStream, maxWaitingBytes } from './eventStream';
import { type HttpReply, refuse } from './httpReply';
import type { HttpRequest } from './httpRequest';
import { primingVersion, streamReply } from './legacyPost';
import { type ListenPosition, ListenStream } from './listenStream';
import { readLog, startOfLog } from './readLog';
import type { ServerCore } from './serverCore';
import type { LiveSession } from './serverSession';
import { callKey, callLogKey, sessionLog } from './sessionRecord';

/** Answers a GET request: opens the stream of a session, or resumes the response stream of a call. */
export async function serveGet(core: ServerCore, session: LiveSession, request: HttpRequest): Promise<HttpReply> {
  const header = request.header('last-event-id');
  const lastEventId = header === null || header === '' ? undefined : header;
  if (lastEventId?.startsWith('r.')) return resumeResponse(core, session, request, lastEventId);
  const lease = await core.streamLeases?.find(session.id);
  const known = lease?.from ?? session.deliveredTo ?? { own: '0', broadcast: session.record.broadcast };
  if (lastEventId === undefined) {
    if (session.isListeningHere || lease?.isOpen) return refuse(409, 'listening: the session already has a stream');
    return openStream(core, session, request, await readable(core, session, known));
  }
  const from = positionOf(lastEventId);
  if (!from) return badEventId();
  const next = await readable(core, session, from);
  if (next.own !== from.own || next.broadcast !== from.broadcast) {
    // After the rejection, the client reconnects without an event id. The stream then starts at the oldest entry of the
    // log. The client's previous stream may still be open on this node.
    session.events?.close();
    session.deliveredTo = next;
    await core.streamLeases?.restartFrom(session.id, next);
    return badEventId();
  }
  session.deliveredTo = from;
  const stream = openStream(core, session, request, from);
  if (lease && lease.node !== core.node()) announceUpdates(core, session);
  return stream;
}

/**
 * Returns the position to read from: the given one or, for a log that was trimmed or lost after it, the start of the
 * log.
 */
async function readable(core: ServerCore, session: LiveSession, from: ListenPosition): Promise<ListenPosition> {
  const { broadcasts, settings } = core;
  const log = sessionLog(session.id);
  const [own, all] = await Promise.all([
    readLog(settings.backplane, log, from.own, 1),
    broadcasts.range(from.broadcast, 1),
  ]);
  return {
    own: own ? from.own : await startOfLog(settings.backplane, log),
    broadcast: all ? from.broadcast : await broadcasts.start(),
  };
}

/**
 * Announces an update of each subscribed resource. Needed when another node had the stream, because it is unknown which
 * contents that node announced last.
 */
function announceUpdates({ report }: ServerCore, session: LiveSession): void {
  for (const uri of session.record.uris) void session.notify('notifications/resources/updated', { uri }).catch(report);
}

function badEventId(): HttpReply {
  return refuse(400, 'Last-Event-ID: cannot resume from this event');
}

const position = /^\d+(?:-\d+)?$/;

function positionOf(eventId: string): ListenPosition | undefined {
  const [own = '', broadcast = '', ...rest] = eventId.split('.');
  return rest.length === 0 && position.test(own) && position.test(broadcast) ? { own, broadcast } : undefined;
}

function openStream(core: ServerCore, session: LiveSession, request: HttpRequest, from: ListenPosition): HttpReply {
  session.events?.close();
  const isPriming = session.protocolVersion >= primingVersion;
  const { events } = new ListenStream({ core, session, signal: request.streamSignal, from, isPriming });
  return streamReply(session, events);
}

const callEvent = /^r\.([\w-]+)\.(\d+)$/;

async function resumeResponse(
  core: ServerCore,
  session: LiveSession,
  request: HttpRequest,
  lastEventId: string,
): Promise<HttpReply> {
  const { settings, node, report } = core;
  const { backplane } = settings;
  const [, call, after] = callEvent.exec(lastEventId) ?? [];
  if (call === undefined || after === undefined) return badEventId();
  const log = callLogKey(session.id, call);
  const record = await backplane.get(callKey(session.id, call));
  const next = await readLog(backplane, log, after, 1);
  if (!isCallRecord(record) || !next) return badEventId();

  const work = new Subscription();
  const stream = new EventStream({
    highWaterMark: Math.min(settings.buffer, maxWaitingBytes),
    keepAlive: core.keepAlive,
    signal: request.streamSignal,
    owner: { onRoom: () => reader.read(), onClosed: () => work.unsubscribe() },
  });
  const reader = resumeCall({ call, log, after, record, node: node(), stream, settings, onError: report });
  work.add(reader.stop);
  work.add(session.ended$.subscribe(() => stream.close()));
  work.add(core.closed$.subscribe(() => stream.close()));
  const isPriming = session.protocolVersion >= primingVersion;
  stream.write(isPriming ? eventOf(callEventId(call, after), '') : ': open\n\n');
  stream.open();
  reader.read();
  return streamReply(session, stream);
}

function isCallRecord(record: unknown): record is CallRecord {
  return isObject(record) && typeof record['node'] === 'string' && Array.isArray(record['ids']);
}
