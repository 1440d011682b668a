import type { CallEvent, CallToolResult } from 'rx-mcp';
import { cut } from './cut';

/** What is asked of a server. */
export interface CallRequest {
  readonly id: number;
  readonly server: string;
  readonly tool: string;
  readonly args: Record<string, unknown>;
}

/** How far a call has come. */
export interface CallState {
  readonly request: CallRequest;
  readonly state: 'running' | 'done' | 'failed' | 'cancelled';
  /** From 0 to 1; unknown until the server says how much there is. */
  readonly done?: number;
  /** What the server said last. */
  readonly text: string;
}

/** What can happen to a call. */
export type CallStep = CallEvent<CallToolResult> | { kind: 'cancelled' } | { kind: 'failed'; error: Error };

const longest = 300;

/** A call that has just been made. */
export const begun = (request: CallRequest): CallState => ({ request, state: 'running', text: 'waiting' });

/** A call, one step further. */
export function advance(call: CallState, step: CallStep): CallState {
  switch (step.kind) {
    case 'progress': {
      const { progress, total, message } = step;
      const done = total !== undefined && total > 0 ? Math.min(1, progress / total) : undefined;
      return {
        ...call,
        done,
        text: cut(message ?? `${progress}${total === undefined ? '' : ` of ${total}`}`, longest),
      };
    }
    case 'task':
      return { ...call, text: cut(step.task.statusMessage ?? `task ${step.task.status}`, longest) };
    case 'result': {
      const texts = step.result.content.map((part) => (part.type === 'text' ? part.text : `[${part.type}]`));
      return { ...call, state: step.result.isError ? 'failed' : 'done', done: 1, text: cut(texts.join(' '), longest) };
    }
    case 'cancelled':
      return { ...call, state: 'cancelled' };
    case 'failed':
      return { ...call, state: 'failed', text: cut(`${step.error.name}: ${step.error.message}`, longest) };
  }
}
