import { map, noop, type Observable } from 'rxjs';
import { InvalidResultError } from '../../errors';
import type { ClientCapabilities, JSONRPCMessage, Request, Result } from '../../protocol/types';
import { isObject } from '../../util/isObject';
import { errorResponse } from '../rpc/dispatcher';
import { readResult } from '../rpc/results';
import type { DirectRequests } from './directRequests';
import { metaKeys } from './meta';

/** The protocol extension that allows a server to respond to a tool call with a task. */
const tasksExtension = 'io.modelcontextprotocol/tasks';

/** The methods of the extension. They bypass the SDK client, which rejects them. */
const methods = new Set(['tasks/get', 'tasks/update', 'tasks/cancel']);

/**
 * Carries a task through the SDK client, which rejects results that are tasks, but forwards errors. If the request does
 * not support tasks, it fails with this error.
 */
class TaskAnswer extends InvalidResultError {
  constructor(readonly task: Result) {
    const message = 'receiving: unexpected task (this request does not support tasks)';
    super(message, { issues: [{ message, path: ['resultType'] }], result: task });
  }
}

/**
 * Replaces a response whose result is a task with an error response that contains the task. Returns other messages
 * unchanged.
 */
export function encodeTask(message: JSONRPCMessage): JSONRPCMessage {
  if (!('result' in message) || message.result['resultType'] !== 'task') return message;
  return errorResponse(message.id, new TaskAnswer(message.result));
}

/** Returns the task in an error of the SDK client. See {@link encodeTask}. */
export function taskIn(error: unknown): Result | undefined {
  const data = isObject(error) ? error['data'] : undefined;
  return data instanceof TaskAnswer ? data.task : undefined;
}

/** Returns the `_meta` of a request that declares support for tasks. */
export function tasksMeta(capabilities: ClientCapabilities): Record<string, unknown> {
  const extensions: unknown = Reflect.get(capabilities, 'extensions');
  const all = { ...(isObject(extensions) && extensions), [tasksExtension]: {} };
  return { [metaKeys.clientCapabilities]: { ...capabilities, extensions: all } };
}

/**
 * Creates the function that sends the requests of the tasks extension. The function returns `undefined` for other
 * methods.
 */
export function createTaskRequests(
  requests: DirectRequests,
  capabilities: ClientCapabilities,
): (request: Request) => Observable<Result> | undefined {
  let sent = 0;
  return ({ method, params }) => {
    if (!methods.has(method)) return undefined;
    const _meta = { ...tasksMeta(capabilities), ...params?._meta };
    const answer$ = requests.request$(`rx-mcp-task-${String(sent++)}`, method, { ...params, _meta });
    return method === 'tasks/get' ? answer$.pipe(map(readTask)) : answer$;
  };
}

/** Parses the result in a completed task, as tolerantly as the response to a call. */
function readTask(task: Result): Result {
  const { result } = task;
  if (!isObject(result)) return task;
  const read = readResult('tools/call', result, noop);
  if (read instanceof Error) throw read;
  return { ...task, result: read };
}
