import { Subscription } from 'rxjs';
import type { ListenPosition } from './listenStream';
import type { StreamLeases } from './nodes/streamLeases';
import type { ServerCore } from './serverCore';
import type { LiveSession } from './serverSession';

/**
 * Marks a session as listening on this node, runs the sources of its subscribed resources, and announces changes of its
 * own lists. Unsubscribing marks the session as not listening. The sources continue to run until the session ends or
 * another node takes it over.
 *
 * @param reader - returns the position of the stream. Needed for sessions that other nodes can serve.
 */
export function startListening(
  core: ServerCore,
  session: LiveSession,
  reader?: { position(): ListenPosition },
): Subscription {
  const { streamLeases, lists, sessions, watches, report } = core;
  const work = new Subscription();
  if (streamLeases && reader && session.isStored) work.add(announceStream(core, streamLeases, session, reader));
  session.isListeningHere = true;
  session.setListening(true);
  sessions.changes$.next();
  if (session.record.uris.length > 0) watches.set(core.contextOf(session), session.record.uris);
  for (const kind of ['tools', 'prompts', 'resources'] as const) {
    const changes$ = lists[kind]?.changesOf$?.(session.caller, session);
    work.add(changes$?.subscribe(() => void session.notify(`notifications/${kind}/list_changed`).catch(report)));
  }

  work.add(() => {
    session.isListeningHere = false;
    session.setListening(false);
    sessions.changes$.next();
  });
  return work;
}

/** Announces to the other nodes that this node has the stream of a session, until unsubscribed. */
function announceStream(
  { node, nodeMessages, report }: ServerCore,
  streamLeases: StreamLeases,
  session: LiveSession,
  reader: { position(): ListenPosition },
): Subscription {
  const name = crypto.randomUUID();
  session.stream = { name, position: () => reader.position() };

  async function announce(on: boolean): Promise<void> {
    if (session.isEnded) return;
    if (on) await streamLeases.acquire(session.id, name, reader.position());
    else if (!(await streamLeases.release(session.id, name, reader.position()))) return;
    await nodeMessages.publish({ kind: 'listening', on, session: session.id, node: node() });
  }

  void announce(true).catch(report);
  return new Subscription(() => {
    if (session.stream?.name === name) session.stream = undefined;
    void announce(false).catch(report);
  });
}
