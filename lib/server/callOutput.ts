import type { Progress } from '../notification/progressOf';
import type { CallEvent } from '../client/session/callOptions';
import type { CallToolResult, LoggingLevel, Result } from '../protocol/types';

/** Marks the values that {@link progress}, {@link log} and {@link notification} return. */
export const tag = Symbol('rx-mcp output');

/** Progress of a call, created by {@link progress}. */
export interface ProgressOutput extends Omit<Progress, 'progressToken'> {
  readonly [tag]: 'progress';
}

/** A log message of a call, created by {@link log}. */
export interface LogOutput {
  readonly [tag]: 'log';
  readonly level: LoggingLevel;
  readonly data: unknown;
  readonly logger?: string;
}

/** A notification of a call, created by {@link notification}. */
export interface NotificationOutput {
  readonly [tag]: 'notification';
  readonly method: string;
  readonly params?: Record<string, unknown>;
}

/**
 * The values that a tool, prompt or handler emits: {@link progress}, {@link log} and {@link notification} any number of times.
 * The last other value is the result. `CallEvent`s of a client's `callTool$` are passed on.
 */
export type CallOutput = MessageOutput | CallToolResult | string | object;

/** The values that are sent before the result, and `CallEvent`s. */
export type MessageOutput = ProgressOutput | LogOutput | NotificationOutput | CallEvent<Result>;

/**
 * Creates progress for a tool to emit. The server sends it as `notifications/progress` if the client requested progress and the
 * value has increased.
 *
 * @param value - the progress so far, in units of the tool's choice.
 * @param total - the value at the end. Default: unknown.
 * @param message - a human-readable description. Default: none.
 *
 * @see https://modelcontextprotocol.io/specification/2025-11-25/basic/utilities/progress
 */
export function progress(value: number, total?: number, message?: string): ProgressOutput {
  return {
    [tag]: 'progress',
    progress: value,
    ...(total !== undefined && { total }),
    ...(message !== undefined && { message }),
  };
}

/**
 * Creates a log message for a tool to emit. The server sends it as `notifications/message` if its level is at least the client's
 * minimum level.
 *
 * @param data - any JSON value, often a string.
 * @param logger - the name of the logger. Default: none.
 *
 * @see https://modelcontextprotocol.io/specification/2025-11-25/server/utilities/logging
 */
export function log(level: LoggingLevel, data: unknown, logger?: string): LogOutput {
  return { [tag]: 'log', level, data, ...(logger !== undefined && { logger }) };
}

/** Creates a notification of any method for a tool to emit. The server sends it on the call's own stream, in order with progress. */
export function notification(method: string, params?: Record<string, unknown>): NotificationOutput {
  return { [tag]: 'notification', method, ...(params && { params }) };
}

/** A message that a call sends before its result. */
export type CallMessage = ProgressOutput | LogOutput | NotificationOutput;

/** The meaning of an emitted value. */
export type Output = CallMessage | { readonly [tag]: 'result'; readonly result: unknown };

/** Classifies an emitted value. Returns `undefined` for a value that is not passed on. */
export function outputOf(value: unknown): Output | undefined {
  if (isTagged(value)) return value;
  if (!isCallEvent(value)) return { [tag]: 'result', result: value };
  if (value.kind === 'result') return { [tag]: 'result', result: value.result };
  return 'progress' in value ? progress(value.progress, value.total, value.message) : undefined;
}

function isTagged(value: unknown): value is CallMessage {
  return typeof value === 'object' && value !== null && tag in value;
}

const kinds = new Set<unknown>(['progress', 'result', 'task']);

function isCallEvent(value: unknown): value is CallEvent<Result> {
  if (typeof value !== 'object' || value === null || !('kind' in value) || !kinds.has(value.kind)) return false;
  return value.kind === 'result' ? 'result' in value : value.kind === 'task' || 'progress' in value;
}
