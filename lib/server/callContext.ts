import { defer, map, type Observable, switchMap } from 'rxjs';
import type { JSONRPCRequest, LoggingLevel, ProgressToken, RequestMap, Result, Root } from '../protocol/types';
import { assertMessage } from './assertMessage';
import type { Caller } from './caller';
import { log, notification, progress, type CallOutput } from './callOutput';
import { assertResult, assertSample, rootsOf, type SampleResult } from './clientAnswers';
import { elicitation, type ElicitAnswer, type ElicitParams } from './elicitation';
import type { Exchange } from './exchange';
import type { Schema } from './schema';
import type { ServerSession } from './serverSession';

/** The params of a sampling request. */
export interface SampleParams extends SamplingParams {}

type SamplingParams = RequestMap['sampling/createMessage']['request']['params'];

/** The context of a call of a tool, prompt, resource or handler. Its methods affect only the caller. */
export interface CallContext {
  /** The sender of the request. */
  readonly caller: Caller;
  /** The session of the request. `undefined` in 2026-07-28, which has no sessions, and in a stateless server. */
  readonly session?: ServerSession | undefined;
  /** The request, unmodified. */
  readonly request: JSONRPCRequest;
  /** The progress token, if the client requested progress. */
  readonly token?: ProgressToken | undefined;
  /** Aborts when the call is unsubscribed from: it was cancelled, it timed out, or its session ended. */
  readonly signal: AbortSignal;
  /**
   * Requests input from the user. Cold; emits one answer. Unsubscribing cancels the request.
   *
   * In 2026-07-28 the call ends at this point and runs again with the answer, so ask before the call has side effects. `key`
   * identifies the request within the call.
   */
  elicit$<S extends Schema = Schema>(key: string, params: ElicitParams<S>): Observable<ElicitAnswer<S>>;
  /** Requests a completion from the client's model (sampling). Cold; emits one response. Behaves like {@link elicit$}. */
  sample$(key: string, params: SampleParams): Observable<SampleResult>;
  /** The client's roots, requested on subscription. Errors with a `ServerError` if the client has none. */
  readonly roots$: Observable<readonly Root[]>;
  /** Sends any request to the client. Cold; emits one result. In 2026-07-28, only elicitation, sampling and roots requests are possible. */
  request$(method: string, params?: Record<string, unknown>): Observable<Result>;
  /** Sends a log message, like {@link log}. */
  log(level: LoggingLevel, data: unknown, logger?: string): void;
  /** Reports progress, like {@link progress}. Has no effect after the result. */
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

/** Returns the progress token of a request, if it has one. */
export function tokenOf({ params }: JSONRPCRequest): ProgressToken | undefined {
  const token = params?._meta?.progressToken;
  return typeof token === 'string' || typeof token === 'number' ? token : undefined;
}

/**
 * Creates the context of one call.
 *
 * @param emit - receives the messages that the call sends while it runs.
 * @param onError - receives the errors that do not fail the call.
 */
export function createCallContext(
  exchange: Exchange,
  signal: AbortSignal,
  emit: (output: CallOutput) => void,
  onError: (error: unknown) => void,
): CallContext {
  const { caller, session, request } = exchange;
  const notify = (method: string, params?: Record<string, unknown>): void => emit(notification(method, params));
  /** The number of requests without a key so far. A call that runs again sends them in the same order. */
  let unnamed = 0;
  const answer$ = (key: string, method: string, params: object): Observable<unknown> =>
    defer(() => {
      assertMessage(method, params);
      return exchange.request$(key, method, { ...params });
    });
  const result$ = (key: string, method: string, params: object): Observable<Result> =>
    answer$(key, method, params).pipe(map(assertResult(method)));

  return {
    caller,
    session,
    request,
    token: tokenOf(request),
    signal,
    elicit$: (key, params) =>
      defer(() => {
        const { request, read } = elicitation(params);
        return result$(key, 'elicitation/create', request).pipe(switchMap(read));
      }),
    sample$: (key, params) => answer$(key, 'sampling/createMessage', params).pipe(map(assertSample)),
    roots$: answer$('roots', 'roots/list', {}).pipe(map((answer) => rootsOf(answer, onError))),
    request$: (method, params = {}) => result$(`${method}#${String(unnamed++)}`, method, params),
    log: (level, data, logger) => emit(log(level, data, logger)),
    progress: (value, total, message) => emit(progress(value, total, message)),
    notify,
    toolsChanged: () => notify('notifications/tools/list_changed'),
    promptsChanged: () => notify('notifications/prompts/list_changed'),
    resourcesChanged: () => notify('notifications/resources/list_changed'),
    resourceUpdated: (uri) => notify('notifications/resources/updated', { uri }),
  };
}
