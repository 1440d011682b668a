import { Subscription } from 'rxjs';
import type { ServerCore } from './serverCore';
import type { LiveSession } from './serverSession';
import { listenerKey } from './sessionRecord';

/**
 * Marks a session as listening at this node: its subscribed resources run here, and its own lists are followed. The returned
 * subscription ends that; the resources run on until the session ends or another node takes over.
 */
export function startListening(core: ServerCore, session: LiveSession): Subscription {
  const { settings, node, lists, sessions, watches, report } = core;
  const { backplane } = settings;
  const work = new Subscription();
  const ctx = core.contextOf(session);
  session.isListeningHere = true;
  session.isListening$.next(true);
  sessions.changes$.next();
  watches.set(ctx, session.record.uris);
  for (const kind of ['tools', 'prompts', 'resources'] as const) {
    const changes$ = lists[kind]?.changesOf$(session.caller, session);
    work.add(changes$?.subscribe(() => void session.notify(`notifications/${kind}/list_changed`).catch(report)));
  }

  async function announce(on: boolean): Promise<void> {
    if (!settings.isShared || !session.isStored || settings.sessions === false) return;
    if (on) await backplane.set(listenerKey(session.id), node(), settings.sessions.idle);
    else await backplane.delete(listenerKey(session.id));
    await sessions.publish({ kind: 'listening', on, session: session.id, node: node() });
  }

  void announce(true).catch(report);
  work.add(() => {
    session.isListeningHere = false;
    session.isListening$.next(false);
    sessions.changes$.next();
    void announce(false).catch(report);
  });
  return work;
}
