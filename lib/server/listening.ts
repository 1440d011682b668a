import { Subscription } from 'rxjs';
import type { ListenPosition } from './listenReader';
import type { ServerCore } from './serverCore';
import type { LiveSession } from './serverSession';

/**
 * Marks a session as listening at this node: runs its subscribed resources, and follows its own lists. Unsubscribing from the
 * returned subscription marks it as not listening. The resources continue to run until the session ends or another node takes
 * over.
 *
 * @param position - returns the position of the stream, for a session that other nodes can serve.
 */
export function startListening(core: ServerCore, session: LiveSession, position?: () => ListenPosition): Subscription {
  const { holder, node, lists, sessions, watches, report } = core;
  const work = new Subscription();
  const stream = crypto.randomUUID();
  let isEnded = false;
  work.add(session.ended$.subscribe(() => (isEnded = true)));
  session.isListeningHere = true;
  session.stream = position && { name: stream, position };
  session.isListening$.next(true);
  sessions.changes$.next();
  if (session.record.uris.length > 0) watches.set(core.contextOf(session), session.record.uris);
  for (const kind of ['tools', 'prompts', 'resources'] as const) {
    const changes$ = lists[kind]?.changesOf$?.(session.caller, session);
    work.add(changes$?.subscribe(() => void session.notify(`notifications/${kind}/list_changed`).catch(report)));
  }

  async function announce(on: boolean): Promise<void> {
    if (!holder || !session.isStored || !position || isEnded) return;
    if (on) await holder.hold(session.id, stream, position());
    else if (!(await holder.release(session.id, stream, position()))) return;
    await sessions.publish({ kind: 'listening', on, session: session.id, node: node() });
  }

  void announce(true).catch(report);
  work.add(() => {
    if (session.stream?.name === stream) session.stream = undefined;
    session.isListeningHere = false;
    session.isListening$.next(false);
    sessions.changes$.next();
    void announce(false).catch(report);
  });
  return work;
}
