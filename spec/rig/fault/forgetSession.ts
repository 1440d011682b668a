import type { FaultSession } from './faultSession';
import type { FaultWorld } from './faultWorld';

/** From now on the session is unknown; its streams stay as they are. */
export function forgetSession({ id: sessionId, subscriptions }: FaultSession, { sessions, emit }: FaultWorld): void {
  if (!sessions.delete(sessionId)) return;
  for (const uri of subscriptions) emit({ type: 'unsubscribed', uri, sessionId });
  emit({ type: 'session-closed', sessionId });
}
