import type { SessionStatus } from 'rx-mcp';
import type { DemoEvent } from '../demoEvent';

/** What the moving line is about. */
export interface Footer {
  readonly status: SessionStatus;
  readonly heartbeats: number;
  readonly received: number;
  /** The work that is being done, if any is. */
  readonly work?: { tool: string; progress: number; total?: number };
}

export const nothingYet: Footer = { status: { state: 'idle' }, heartbeats: 0, received: 0 };

/** The footer after one more event; a reducer. */
export function footer(state: Footer, event: DemoEvent): Footer {
  switch (event.type) {
    case 'status':
      return { ...state, status: event };
    case 'heartbeat':
      return { ...state, heartbeats: state.heartbeats + 1 };
    case 'notification':
      return { ...state, received: state.received + 1 };
    case 'progress':
      return { ...state, work: event };
    case 'result':
      return { ...state, work: undefined };
    default:
      return state;
  }
}
