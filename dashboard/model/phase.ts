import type { SessionStatus } from 'rx-mcp';

/** The connection phase of a server. `deaf`: connected, but without a stream for notifications outside of calls. */
export type Phase = 'connecting' | 'listening' | 'deaf' | 'reconnecting' | 'closed';

/** Returns the phase for the status of a session. */
export function phaseOf(status: SessionStatus): Phase {
  if (status.state === 'idle') return 'connecting';
  if (status.state === 'connected') return status.listening ? 'listening' : 'deaf';
  return status.state;
}
