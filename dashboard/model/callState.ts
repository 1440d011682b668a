import type { CallEvent, CallToolResult } from 'rx-mcp';
import { cut, readable } from './text';

/** A tool call to make. */
export interface CallRequest {
  readonly id: number;
  readonly server: string;
  readonly tool: string;
  readonly args: Record<string, unknown>;
}

/** The state of a call. */
export interface CallState {
  readonly request: CallRequest;
  readonly state: 'running' | 'done' | 'failed' | 'cancelled';
  /** From 0 to 1; `undefined` until the server sends a total. */
  readonly done?: number;
  /** The latest text from the server. */
  readonly text: string;
}

/** An event of a call. */
export type CallStep = CallEvent<CallToolResult> | { kind: 'cancelled' } | { kind: 'failed'; error: Error };

const maxTextLength = 300;

/** Returns the initial state of a call. */
export const startedCall = (request: CallRequest): CallState => ({ request, state: 'running', text: 'waiting' });

/** Returns the state after an event. A reducer. */
export function advance(call: CallState, step: CallStep): CallState {
  switch (step.kind) {
    case 'progress': {
      const { progress, total, message } = step;
      const done = total !== undefined && total > 0 ? Math.min(1, progress / total) : undefined;
      return {
        ...call,
        done,
        text: cut(message ?? `${progress}${total === undefined ? '' : ` of ${total}`}`, maxTextLength),
      };
    }
    case 'task':
      return { ...call, text: cut(step.task.statusMessage ?? `task ${step.task.status}`, maxTextLength) };
    case 'result': {
      const texts = step.result.content.map((part) => (part.type === 'text' ? part.text : `[${part.type}]`));
      return {
        ...call,
        state: step.result.isError ? 'failed' : 'done',
        done: 1,
        text: cut(texts.join(' '), maxTextLength),
      };
    }
    case 'cancelled':
      return { ...call, state: 'cancelled' };
    case 'failed':
      return {
        ...call,
        state: 'failed',
        text: cut(`${step.error.name}: ${readable(step.error.message)}`, maxTextLength),
      };
  }
}
