import { map, type Observable, switchMap } from 'rxjs';
import { InvalidNotificationError, ServerError } from '../errors';
import { errorCode } from '../protocol/errorCodes';
import type { JSONRPCRequest, LoggingLevel, ProgressToken, RequestMap, Result, Root } from '../protocol/types';
import { isObject } from '../util/isObject';
import type { Caller } from './caller';
import { log, notification, progress, type CallOutput } from './callOutput';
import { elicitation, type ElicitAnswer, type ElicitParams } from './elicitation';
import type { Exchange } from './exchange';
import type { Schema } from './schema';
import type { ServerSession } from './serverSession';

/** Params of a sampling request. */
export type SampleParams = RequestMap['sampling/createMessage']['request']['params'];

/** What the client's model answered. */
export type SampleResult = RequestMap['sampling/createMessage']['result'];

/** What a tool, prompt, resource or handler gets besides its arguments. Its methods reach this caller only. */
export interface CallContext {
  readonly caller: Caller;
  /** The session of the request. Undefined in 2026-07-28, which has none, and in a stateless server. */
  readonly session?: ServerSession | undefined;
  /** The request, as it came. */
  readonly request: JSONRPCRequest;
  /** The token that progress is reported with, if the client asked for progress. */
  readonly token?: ProgressToken | undefined;
  /** Aborts when the call is unsubscribed from: cancelled, timed out, or its session ended. */
  readonly signal: AbortSignal;
  /**
   * Asks the user. Cold; emits one answer. Unsubscribing withdraws the question.
   *
   * In 2026-07-28 the call ends here and runs again with the answer: ask before you act. `key` names the question within the call.
   */
  elicit$<S extends Schema = Schema>(key: string, params: ElicitParams<S>): Observable<ElicitAnswer<S>>;
  /** Asks the client's model. As {@link elicit$}. */
  sample$(key: string, params: SampleParams): Observable<SampleResult>;
  /** The client's roots, requested when subscribed to. Errors with a `ServerError` if the client has none. */
  readonly roots$: Observable<readonly Root[]>;
  /** Sends any request. Cold; emits one result. Not in 2026-07-28, but for the three requests above. */
  request$(method: string, params?: Record<string, unknown>): Observable<Result>;
  /** Sends a log message, as {@link log} does. */
  log(level: LoggingLevel, data: unknown, logger?: string): void;
  /** Reports progress, as {@link progress} does. Does nothing after the result. */
  progress(value: number, total?: number, message?: string): void;
  /** Sends a notification on the call's own stream. */
  notify(method: string, params?: Record<string, unknown>): void;
  /** Sends `notifications/tools/list_changed` to this caller. */
  toolsChanged(): void;
  /** Sends `notifications/prompts/list_changed` to this caller. */
  promptsChanged(): void;
  /** Sends `notifications/resources/list_changed` to this caller. */
  resourcesChanged(): void;
  /** Sends `notifications/resources/updated` to this caller. */
  resourceUpdated(uri: string): void;
}

/** The token of a request, if it has one. */
export function tokenOf({ params }: JSONRPCRequest): ProgressToken | undefined {
  const token = params?._meta?.progressToken;
  return typeof token === 'string' || typeof token === 'number' ? token : undefined;
}

/** Builds the context of one call. `emit` takes what the call sends while it runs. */
export function createCallContext(
  exchange: Exchange,
  signal: AbortSignal,
  emit: (output: CallOutput) => void,
): CallContext {
  const { caller, session, request } = exchange;
  const notify = (method: string, params?: Record<string, unknown>): void => emit(notification(method, params));
  /** Numbers the questions that have no key: a call that runs again asks them in the same order. */
  let unnamed = 0;
  const ask$ = (key: string, method: string, params: Record<string, unknown>): Observable<Result> =>
    exchange.ask$(key, method, params).pipe(map(assertResult(method)));

  return {
    caller,
    session,
    request,
    token: tokenOf(request),
    signal,
    elicit$: (key, params) => {
      const { request, read } = elicitation(params);
      return ask$(key, 'elicitation/create', request).pipe(switchMap(read));
    },
    sample$: (key, params) => exchange.ask$(key, 'sampling/createMessage', { ...params }).pipe(map(assertSample)),
    roots$: exchange.ask$('roots', 'roots/list', {}).pipe(map(rootsOf)),
    request$: (method, params = {}) => ask$(`${method}#${String(unnamed++)}`, method, params),
    log: (level, data, logger) => emit(log(level, data, logger)),
    progress: (value, total, message) => emit(progress(value, total, message)),
    notify,
    toolsChanged: () => notify('notifications/tools/list_changed'),
    promptsChanged: () => notify('notifications/prompts/list_changed'),
    resourcesChanged: () => notify('notifications/resources/list_changed'),
    resourceUpdated: (uri) => notify('notifications/resources/updated', { uri }),
  };
}

/** Returns the roots of an answer to `roots/list`. Throws for anything else. */
export function rootsOf(answer: unknown): readonly Root[] {
  const roots = isObject(answer) ? answer['roots'] : undefined;
  if (Array.isArray(roots) && roots.every(isRoot)) return roots;
  throw invalidAnswer('roots/list', answer);
}

function isRoot(root: unknown): root is Root {
  return isObject(root) && typeof root['uri'] === 'string';
}

export function assertSample(answer: unknown): SampleResult {
  if (isSample(answer)) return answer;
  throw invalidAnswer('sampling/createMessage', answer);
}

function isSample(answer: unknown): answer is SampleResult {
  return isObject(answer) && typeof answer['role'] === 'string' && typeof answer['content'] === 'object';
}

export function assertResult(method: string): (answer: unknown) => Result {
  return (answer) => {
    if (isObject(answer)) return answer;
    throw invalidAnswer(method, answer);
  };
}

function invalidAnswer(method: string, notification: unknown): Error {
  return new InvalidNotificationError(`${method}: the client's answer is not valid`, {
    issues: [{ message: 'does not fit the protocol' }],
    notification,
  });
}

/** The error of a request that the client does not support. */
export function unsupported(method: string): ServerError {
  return new ServerError(`${method}: the client does not support this request`, { code: errorCode.methodNotFound });
}
