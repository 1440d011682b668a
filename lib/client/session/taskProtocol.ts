import {
  catchError,
  defer,
  EMPTY,
  first,
  ignoreElements,
  map,
  merge,
  mergeMap,
  type Observable,
  type OperatorFunction,
  switchMap,
} from 'rxjs';
import { HandlerError, InvalidResultError, type MCPError, ServerError } from '../../errors';
import { errorCode } from '../../protocol/errorCodes';
import type { JSONRPCRequest, Request, RequestId, Result, Task } from '../../protocol/types';
import { isObject } from '../../util/isObject';

/** The state of a task, and the message that contained it. */
export interface TaskState {
  task: Task;
  message: Record<string, unknown>;
}

/** Dependencies of {@link TaskProtocol.result$}. */
interface TaskResultContext {
  taskId: string;
  /** Sends a request on the current connection or the next one, with the session's timeout. Cold. */
  request$(request: Request): Observable<Result>;
  /** Like `request$`, but without a timeout. Cold. */
  untimed$(request: Request): Observable<Result>;
  /** Answers a server request. Cold. */
  respond$(request: JSONRPCRequest): Observable<Result>;
  /** Receives errors that do not fail the call. */
  report(error: MCPError): void;
}

/** The task messages of one protocol version. */
export interface TaskProtocol {
  /** The method of the notifications that contain a state. */
  readonly notification: string;
  /**
   * Returns the state in a message, or `undefined` if there is none. A state with an unknown status counts as
   * `working`.
   */
  read(message: unknown): TaskState | undefined;
  /** Whether a state is final and contains the outcome. */
  isFinal(state: TaskState): boolean;
  /** Emits the result of the call and completes. `states$` emits each state that the server sends. Cold. */
  result$(states$: Observable<TaskState>, context: TaskResultContext): Observable<Result>;
}

/** Returns the state of the task in a result, and the task protocol. Returns `undefined` if there is no task. */
export function taskOf(result: Result): { protocol: TaskProtocol; state: TaskState } | undefined {
  const protocol = result['resultType'] === 'task' ? modernTasks : legacyTasks;
  const task = protocol === modernTasks ? result : result['task'];
  // The status is not necessary, because it is polled.
  const state = protocol.read(isObject(task) && typeof task['status'] !== 'string' ? { ...task, status: '' } : task);
  return state && { protocol, state };
}

/** @see https://modelcontextprotocol.io/specification/2025-11-25/basic/utilities/tasks */
const legacyTasks: TaskProtocol = {
  notification: 'notifications/tasks/status',
  read(message) {
    if (!isTask(message)) return undefined;
    const { ttl: _ttl, pollInterval: _pollInterval, statusMessage: _statusMessage, ...rest } = message;
    return { task: { ...rest, ...membersOf(message, 'ttl', 'pollInterval') }, message };
  },
  isFinal: hasEnded,
  // If a task needs input, the server sends its request on the response stream of `tasks/result`.
  result$: (states$, { taskId, request$, untimed$ }) =>
    states$.pipe(
      first((state) => hasEnded(state) || needsInput(state)),
      switchMap((state) => (hasEnded(state) ? request$ : untimed$)({ method: 'tasks/result', params: { taskId } })),
    ),
};

/** @see https://modelcontextprotocol.io/extensions/tasks/overview */
const modernTasks: TaskProtocol = {
  notification: 'notifications/tasks',
  read(message) {
    if (!isTask(message)) return undefined;
    const { taskId, createdAt, lastUpdatedAt } = message;
    return { task: { taskId, createdAt, lastUpdatedAt, ...membersOf(message, 'ttlMs', 'pollIntervalMs') }, message };
  },
  // The response to the call never contains the outcome, even if the task has ended.
  isFinal: (state) => hasEnded(state) && state.message['resultType'] !== 'task',
  result$: (states$, context) =>
    merge(
      states$.pipe(answerInputRequests(context)),
      states$.pipe(
        first((state) => modernTasks.isFinal(state)),
        map(resultOf),
      ),
    ),
};

/** Answers each input request of a task once, with `tasks/update`. Errors if a handler fails. Never emits. */
function answerInputRequests(context: TaskResultContext): OperatorFunction<TaskState, never> {
  const { taskId, request$, respond$, report } = context;

  function answer$(request: JSONRPCRequest): Observable<unknown> {
    return respond$(request).pipe(
      catchError((cause: unknown) => {
        if (cause instanceof HandlerError) throw cause;
        throw new HandlerError(`${request.method}: answering the request of a task failed`, { cause });
      }),
      switchMap((answer) => update$({ [String(request.id)]: answer })),
    );
  }

  /**
   * A rejected update is reported, but does not fail the call: the next state shows whether the task still needs the
   * input.
   */
  function update$(inputResponses: Record<string, Result>): Observable<unknown> {
    return request$({ method: 'tasks/update', params: { taskId, inputResponses } }).pipe(
      catchError((error: unknown) => {
        if (!(error instanceof ServerError)) throw error;
        report(error);
        return EMPTY;
      }),
    );
  }

  return (states$) =>
    defer(() => {
      const isSeen = createSeenRequests();
      return states$.pipe(
        mergeMap((state) => inputRequestsOf(state).filter((request) => !isSeen(request))),
        mergeMap(answer$),
        ignoreElements(),
      );
    });
}

/** The maximum number of ids to remember. */
const maxIds = 1_024;

/** The maximum length of an id to remember, in characters. */
const maxIdLength = 1_024;

/**
 * Returns a function that detects repeated requests on one connection: a resumed stream may replay a request, which
 * must be answered only once.
 *
 * A ping never counts as repeated. Answering a ping twice is harmless, but a server that reuses the ids of its pings
 * would consider an unanswered client dead.
 */
export function createSeenRequests(): (request: JSONRPCRequest) => boolean {
  const seen = new Set<RequestId>();

  return ({ method, id }) => {
    if (method === 'ping' || (typeof id === 'string' && id.length > maxIdLength)) return false;
    if (seen.has(id)) return true;
    seen.add(id);
    for (const oldest of seen) {
      if (seen.size <= maxIds) break;
      seen.delete(oldest);
    }
    return false;
  };
}

function inputRequestsOf(state: TaskState): JSONRPCRequest[] {
  const { inputRequests } = state.message;
  if (!needsInput(state) || !isObject(inputRequests)) return [];
  return Object.entries(inputRequests).flatMap(([id, request]): JSONRPCRequest[] => {
    if (!isObject(request) || typeof request['method'] !== 'string') return [];
    const { method, params } = request;
    return [{ jsonrpc: '2.0', id, method, ...(isObject(params) && { params }) }];
  });
}

/** Returns the result of a completed task. Throws a `ServerError` if the task failed or was cancelled. */
function resultOf({ task: { status, statusMessage }, message }: TaskState): Result {
  const { result, error } = message;
  if (status === 'completed') {
    if (isObject(result)) return result;
    const issue = { message: 'expected an object', path: ['result'] };
    throw new InvalidResultError('tasks/get: the completed task has no result', { issues: [issue], result: message });
  }
  const { code, message: reason, data } = isObject(error) ? error : {};
  const detail = typeof reason === 'string' ? reason : (statusMessage ?? 'no reason given');
  throw new ServerError(`tools/call: the task ${status === 'failed' ? 'failed' : 'was cancelled'} (${detail})`, {
    code: numberOf(code) ?? errorCode.internalError,
    data,
  });
}

const statuses: readonly Task['status'][] = ['working', 'input_required', 'completed', 'failed', 'cancelled'];

/** Whether the protocol defines a status. */
export function isKnownStatus(status: unknown): boolean {
  return statuses.some((known) => known === status);
}

/** The members of a task that are always strings. */
type Identity = Pick<Task, 'taskId' | 'createdAt' | 'lastUpdatedAt'>;

function isTask(value: unknown): value is Identity & Record<string, unknown> {
  return isObject(value) && typeof value['taskId'] === 'string' && typeof value['status'] === 'string';
}

/** Returns the other members of a task, without those that are invalid. */
function membersOf(
  message: Record<string, unknown>,
  ttlName: string,
  intervalName: string,
): Omit<Task, keyof Identity> {
  const { statusMessage } = message;
  const pollInterval = durationOf(message[intervalName]);
  return {
    status: statuses.find((known) => known === message['status']) ?? 'working',
    ttl: durationOf(message[ttlName]) ?? null,
    ...(pollInterval !== undefined && { pollInterval }),
    ...(typeof statusMessage === 'string' && { statusMessage }),
  };
}

function durationOf(value: unknown): number | undefined {
  return typeof value === 'number' && value >= 0 ? value : undefined;
}

function hasEnded({ task: { status } }: TaskState): boolean {
  return status === 'completed' || status === 'failed' || status === 'cancelled';
}

function needsInput({ task: { status } }: TaskState): boolean {
  return status === 'input_required';
}

function numberOf(value: unknown): number | undefined {
  return typeof value === 'number' ? value : undefined;
}
