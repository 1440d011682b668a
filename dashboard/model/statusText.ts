import type { SessionStatus } from 'rx-mcp';
import { cut, readable } from './text';

/** The status on a server's card. */
export interface StatusText {
  readonly title: string;
  readonly detail: string;
}

/**
 * Formats a status.
 *
 * @param left - milliseconds until the next attempt.
 */
export function statusText(status: SessionStatus, left = 0): StatusText {
  switch (status.state) {
    case 'idle':
      return { title: 'Idle', detail: 'not connected yet' };
    case 'connecting':
      return { title: 'Connecting', detail: 'first attempt' };
    case 'connected':
      return {
        title: status.listening ? 'Listening' : 'Connected',
        detail: `protocol ${status.protocolVersion}${status.listening ? '' : ', not listening'}`,
      };
    case 'reconnecting':
      return {
        title: 'Reconnecting',
        detail: `attempt ${status.attempt} ${left > 0 ? `in ${(left / 1000).toFixed(1)} s` : 'now'}`,
      };
    case 'closed':
      return { title: 'Closed', detail: status.error ? cut(readable(status.error.message), 160) : 'by the user' };
  }
}
