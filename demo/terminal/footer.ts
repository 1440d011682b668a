import type { SessionStatus } from 'rx-mcp';
import type { DemoEvent } from '../facts';
import { bar, statusText } from './lineOf';
import type { Colors } from './text';

/** The state of the footer, the last line on a terminal. */
export interface Footer {
  readonly status: SessionStatus;
  readonly heartbeats: number;
  readonly received: number;
  /** The tool call in progress, if any. */
  readonly work?: { tool: string; progress: number; total?: number };
}

export const emptyFooter: Footer = { status: { state: 'idle' }, heartbeats: 0, received: 0 };

/** Adds an event to the footer. A reducer. */
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

/** Formats the footer. */
export function footerLine({ status, heartbeats, received, work }: Footer, colors: Colors): string {
  const parts = [statusText(status, colors), `${colors.red('♥')} ${heartbeats}`, `${received} received`];
  if (work) parts.push(`${work.tool} ${colors.cyan(bar(work))}`);
  return parts.join('   ');
}
