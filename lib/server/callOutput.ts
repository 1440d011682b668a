import type { Progress } from '../notification/progressOf';
import type { CallEvent } from '../client/session/callOptions';
import type { CallToolResult, LoggingLevel, Result } from '../protocol/types';

/** The member that marks values created by {@link progress}, {@link log} and {@link notification}. */
export const tag = Symbol('rx-mcp output');

/** Progress of a call. Created by {@link progress}. */
export interface ProgressOutput extends Omit<Progress, 'progressToken'> {
  readonly [tag]: 'progress';
}

/** A log message of a call. Created by {@link log}. */
export interface LogOutput {
  readonly [tag]: 'log';
  readonly level: LoggingLevel;
  readonly data: unknown;
  readonly logger?: string;
}

/** A notification of a call. Created by {@link notification}. */
export interface NotificationOutput {
  readonly [tag]: 'notification';
  readonly method: string;
  readonly params?: Record<string, unknown>;
}

/**
 * A value that a tool, prompt or handler may emit. Values of {@link progress}, {@link log} and {@link notification} are
 * sent immediately. The last other value is the result. `CallEvent`s, as emitted by a client's `callTool$`, are
 * forwarded.
 */
export type CallOutput = MessageOutput | CallToolResult | string | object;

/** A value that is sent before the result, or a `CallEvent`. */
export type MessageOutput = ProgressOutput | LogOutput | NotificationOutput | CallEvent<Result>;

/**
 * Creates a progress value for a tool to emit. The server sends it as `notifications/progress` if the client requested
 * progress and the value is greater than the previous one.
 *
 * @param value - the progress so far, in a unit of the tool's choice.
 * @param total - the value at which the call is complete. Default: unknown.
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
 * Creates a log message for a tool to emit. The server sends it as `notifications/message` if its level is at least the
 * minimum level that the client has set.
 *
 * @param level - the severity.
 * @param data - any JSON value, often a string.
 * @param logger - the name of the logger. Default: none.
 *
 * @see https://modelcontextprotocol.io/specification/2025-11-25/server/utilities/logging
 */
export function log(level: LoggingLevel, data: unknown, logger?: string): LogOutput {
  return { [tag]: 'log', level, data, ...(logger !== undefined && { logger }) };
}

/**
 * Creates a notification for a tool to emit. The server sends it on the response stream of the call, in order with
 * progress.
 *
 * @param method - the method of the notification.
 * @param params - the params, which JSON must be able to represent. Default: none.
 */
export function notification(method: string, params?: Record<string, unknown>): NotificationOutput {
  return { [tag]: 'notification', method, ...(params && { params }) };
}

/** A value that a call sends before its result. */
export type CallMessage = ProgressOutput | LogOutput | NotificationOutput;

/** An emitted value after classification: a message or a result. */
export type Output = CallMessage | { readonly [tag]: 'result'; readonly result: unknown };

/** Classifies an emitted value. Returns `undefined` if the value is to be ignored. */
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
