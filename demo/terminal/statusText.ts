import type { SessionStatus } from 'rx-mcp';
import type { Colors } from './colors';

/** A session's status in a few words. */
export function statusText(status: SessionStatus, colors: Colors): string {
  switch (status.state) {
    case 'connected':
      return status.listening ? colors.green('● connected') : colors.yellow('● connected, but not listening');
    case 'reconnecting': {
      const when = `attempt ${status.attempt} in ${Math.round(status.delay)} ms`;
      return `${colors.yellow('● reconnecting')} ${colors.dim(when)}`;
    }
    default:
      return colors.dim(`● ${status.state}`);
  }
}
