import type { SessionStatus } from 'rx-mcp';

/** How well a server is heard: `deaf` is connected, but with no stream for what comes unasked. */
export type Phase = 'connecting' | 'listening' | 'deaf' | 'reconnecting' | 'closed';

/** How well a server is heard, by the status of its session. */
export function phaseOf(status: SessionStatus): Phase {
  if (status.state === 'idle') return 'connecting';
  if (status.state === 'connected') return status.listening ? 'listening' : 'deaf';
  return status.state;
}
