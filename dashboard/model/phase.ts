import type { SessionStatus } from 'rx-mcp';
import type { RecordedEvent } from '../../lib/testing/recording/format';

/** The connection phase of a server. `notListening`: connected, but without a stream for notifications outside of calls. */
export type Phase = 'connecting' | 'listening' | 'notListening' | 'reconnecting' | 'closed';

/** Returns the phase for the status of a session. */
export function phaseOf(status: SessionStatus): Phase {
  if (status.state === 'idle') return 'connecting';
  if (status.state === 'connected') return status.listening ? 'listening' : 'notListening';
  return status.state;
}

/**
 * Returns the phase that starts with an event, or `undefined` if the event does not change the phase. Recordings of other
 * programs have no connection events. In these, a message of the server indicates a connection.
 */
export function recordedPhase(event: RecordedEvent): Phase | undefined {
  if ('message' in event) return event.dir === 'in' ? 'listening' : undefined;
  return { open: 'listening' as const, lost: 'reconnecting' as const, closed: 'closed' as const, gap: undefined }[
    event.event
  ];
}
