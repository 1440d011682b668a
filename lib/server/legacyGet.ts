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
import { callKey, callLogKey, listenerKey, nodeKey, sessionLog } from './sessionRecord';

/** Opens the stream of a session, or resumes the response of a call. */
export async function serveGet(core: ServerCore, session: LiveSession, request: Request): Promise<Response> {
  const lastEventId = request.headers.get('last-event-id') ?? undefined;
  if (lastEventId?.startsWith('r.')) return resumeResponse(core, session, request, lastEventId);
  const from = lastEventId === undefined ? session.deliveredTo : positionOf(lastEventId);
  if (!from) return badEventId();
  return openStream(core, session, request, from, lastEventId !== undefined);
}

function badEventId(): Response {
  return refuse(400, 'Last-Event-ID: not a position that can be resumed from');
}

const position = /^\d+(?:-\d+)?$/;

function positionOf(eventId: string): ListenPosition | undefined {
  const [own = '', broadcast = '', ...rest] = eventId.split('.');
  return rest.length === 0 && position.test(own) && position.test(broadcast) ? { own, broadcast } : undefined;
}

async function openStream(
  core: ServerCore,
  session: LiveSession,
  request: Request,
  from: ListenPosition,
  isResumed: boolean,
): Promise<Response> {
  const { settings, node, broadcasts, report } = core;
  const { backplane, replay } = settings;
  if (!isResumed && (session.isListeningHere || (await isHeldElsewhere(core, session)))) {
    return refuse(409, 'the session has a stream already');
  }
  if (isResumed) {
    session.deliveredTo = from;
    const [own, all] = await Promise.all([
      backplane.range(sessionLog(session.id), from.own, 1),
      broadcasts.range(from.broadcast, 1),
    ]);
    if (!own || !all) return badEventId();
  }
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
    isFor: (broadcast) => isFor(broadcast, session, node()),
    hasIds,
    onGap: () => stream.close(),
    onError: report,
  });
  session.closeStream = stream.close;
  work.add(() => {
    reader.stop();
    session.deliveredTo = reader.position();
  });
  work.add(startListening(core, session));
  work.add(session.ended$.subscribe(() => stream.close()));
  work.add(core.closed$.subscribe(() => stream.close()));
  const isPriming = hasIds && session.protocolVersion >= primingVersion;
  stream.write(isPriming ? eventOf(`${from.own}.${from.broadcast}`, '') : ': open\n\n');
  reader.read();
  return new Response(stream.readable, { headers: { ...eventStreamHeaders, ...sessionHeader(session) } });
}

async function isHeldElsewhere({ settings, node }: ServerCore, session: LiveSession): Promise<boolean> {
  if (!settings.isShared) return false;
  const holder = await settings.backplane.get(listenerKey(session.id));
  return typeof holder === 'string' && holder !== node() && settings.backplane.alive(nodeKey(holder));
}

/** Whether a broadcast is for a session. */
export function isFor({ target }: Broadcast, { record }: LiveSession, node: string): boolean {
  if (target.node !== undefined && target.node !== node) return false;
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
  const { backplane, scheduler } = settings;
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
  const reader = resumeCall({ call, log, after, record, node: node(), stream, backplane, scheduler, onError: report });
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
