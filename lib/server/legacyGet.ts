import { Subscription } from 'rxjs';
import { isObject } from '../util/isObject';
import type { Broadcast } from './broadcasts';
import { callEventId, resumeCall, type CallRecord } from './callReader';
import { createEventStream, eventOf, eventStreamHeaders } from './eventStream';
import { refuse } from './httpResponses';
import { maxWaitingBytes, primingVersion, sessionHeader } from './legacyPost';
import { createListenReader, type ListenPosition } from './listenReader';
import { startListening } from './listening';
import type { ServerCore } from './serverCore';
import type { LiveSession } from './serverSession';
import { callKey, callLogKey, sessionLog } from './sessionRecord';

/** Opens the stream of a session, or resumes the response of a call. */
export async function serveGet(core: ServerCore, session: LiveSession, request: Request): Promise<Response> {
  const lastEventId = request.headers.get('last-event-id') ?? undefined;
  if (lastEventId?.startsWith('r.')) return resumeResponse(core, session, request, lastEventId);
  const held = await core.holder?.find(session.id);
  const known = held?.from ?? session.deliveredTo;
  if (lastEventId === undefined) {
    if (session.isListeningHere || held?.isOpen) return refuse(409, 'listening: the session already has a stream');
    return openStream(core, session, request, await readable(core, session, known));
  }
  const from = positionOf(lastEventId);
  if (!from) return badEventId();
  const next = await readable(core, session, from);
  if (next.own !== from.own || next.broadcast !== from.broadcast) {
    // The client continues without an event id, so it starts with the oldest entry that is left.
    session.deliveredTo = next;
    await core.holder?.restartFrom(session.id, next);
    return badEventId();
  }
  session.deliveredTo = from;
  const stream = openStream(core, session, request, from);
  if (held && held.node !== core.node()) announceUpdates(core, session);
  return stream;
}

/**
 * Returns the position to read from. If a log was trimmed or lost after the given position, that is the start of what is left.
 */
async function readable(core: ServerCore, session: LiveSession, from: ListenPosition): Promise<ListenPosition> {
  const [own, all] = await Promise.all([
    core.settings.backplane.range(sessionLog(session.id), from.own, 1),
    core.broadcasts.range(from.broadcast, 1),
  ]);
  return { own: own ? from.own : '0', broadcast: all ? from.broadcast : '0' };
}

/**
 * Announces updates of all subscribed resources, because the node that ran them is gone and their last announced contents are
 * unknown here.
 */
function announceUpdates({ report }: ServerCore, session: LiveSession): void {
  for (const uri of session.record.uris) void session.notify('notifications/resources/updated', { uri }).catch(report);
}

function badEventId(): Response {
  return refuse(400, 'Last-Event-ID: cannot resume from this event');
}

const position = /^\d+(?:-\d+)?$/;

function positionOf(eventId: string): ListenPosition | undefined {
  const [own = '', broadcast = '', ...rest] = eventId.split('.');
  return rest.length === 0 && position.test(own) && position.test(broadcast) ? { own, broadcast } : undefined;
}

function openStream(core: ServerCore, session: LiveSession, request: Request, from: ListenPosition): Response {
  const { settings, node, broadcasts, report } = core;
  const { backplane, replay } = settings;
  session.closeStream();

  const hasIds = replay !== false;
  const work = new Subscription();
  const stream = createEventStream({
    highWaterMark: Math.min(settings.buffer, maxWaitingBytes),
    keepAlive$: core.keepAlive$,
    signal: request.signal,
    onRoom: () => reader.read(),
    onClosed: () => work.unsubscribe(),
  });
  const reader = createListenReader({
    session: session.id,
    from,
    stream,
    backplane,
    broadcasts,
    isFor: (broadcast, isPast) => isFor(broadcast, session, isPast ? undefined : node()),
    hasIds,
    onGap: () => stream.close(),
    onError: report,
  });
  session.closeStream = stream.close;
  work.add(() => {
    reader.stop();
    session.deliveredTo = reader.position();
  });
  work.add(startListening(core, session, reader.position));
  work.add(session.ended$.subscribe(() => stream.close()));
  work.add(core.closed$.subscribe(() => stream.close()));
  const isPriming = hasIds && session.protocolVersion >= primingVersion;
  stream.write(isPriming ? eventOf(`${from.own}.${from.broadcast}`, '') : ': open\n\n');
  reader.read();
  return new Response(stream.readable, { headers: { ...eventStreamHeaders, ...sessionHeader(session) } });
}

/**
 * Whether a broadcast is for a session. Broadcasts for the readers of one node count only at that `node`. Without `node`, they
 * all count, because the session may have been at a different node when they were sent.
 */
export function isFor({ target }: Broadcast, { record }: LiveSession, node?: string): boolean {
  if (node !== undefined && target.node !== undefined && target.node !== node) return false;
  if (target.principal !== undefined && target.principal !== record.principal) return false;
  return target.subscribed === undefined || record.uris.includes(target.subscribed);
}

const callEvent = /^r\.([\w-]+)\.(\d+)$/;

async function resumeResponse(
  core: ServerCore,
  session: LiveSession,
  request: Request,
  lastEventId: string,
): Promise<Response> {
  const { settings, node, report } = core;
  const { backplane } = settings;
  const [, call, after] = callEvent.exec(lastEventId) ?? [];
  if (call === undefined || after === undefined) return badEventId();
  const log = callLogKey(session.id, call);
  const record = await backplane.get(callKey(session.id, call));
  const next = await backplane.range(log, after, 1);
  if (!isCallRecord(record) || !next) return badEventId();

  const work = new Subscription();
  const stream = createEventStream({
    highWaterMark: Math.min(settings.buffer, maxWaitingBytes),
    keepAlive$: core.keepAlive$,
    signal: request.signal,
    onRoom: () => reader.read(),
    onClosed: () => work.unsubscribe(),
  });
  const reader = resumeCall({ call, log, after, record, node: node(), stream, settings, onError: report });
  work.add(reader.stop);
  work.add(session.ended$.subscribe(() => stream.close()));
  work.add(core.closed$.subscribe(() => stream.close()));
  const isPriming = session.protocolVersion >= primingVersion;
  stream.write(isPriming ? eventOf(callEventId(call, after), '') : ': open\n\n');
  reader.read();
  return new Response(stream.readable, { headers: { ...eventStreamHeaders, ...sessionHeader(session) } });
}

function isCallRecord(record: unknown): record is CallRecord {
  return isObject(record) && typeof record['node'] === 'string' && Array.isArray(record['ids']);
}
