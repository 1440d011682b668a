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

/** The context of a call to a tool, prompt, resource or handler. Its methods send messages to the caller only. */
export interface CallContext {
  /** The sender of the request. */
  readonly caller: Caller;
  /**
   * The session of the request. `undefined` for protocol 2026-07-28, which has no sessions, and in a stateless server.
   */
  readonly session?: ServerSession | undefined;
  /** The request as received. */
  readonly request: JSONRPCRequest;
  /** The progress token, if the client requested progress. */
  readonly token?: ProgressToken | undefined;
  /** Aborts when the call ends before its result: it was cancelled, it timed out, or its session ended. */
  readonly signal: AbortSignal;
  /**
   * Requests input from the user. Emits one answer and completes. Cold. Unsubscribing cancels the request. Errors with
   * a `ServerError` if the client does not support elicitation.
   *
   * With protocol 2026-07-28, the call ends at this point, and `project` runs again when the client sends the answer.
   * Therefore, request input before the call has side effects.
   *
   * @param key - identifies the request within the call. Must be the same each time the call runs.
   * @param params - the message for the user, with the schema of a form or a URL.
   *
   * @see https://modelcontextprotocol.io/specification/2025-11-25/client/elicitation
   */
  elicit$<S extends Schema = Schema>(key: string, params: ElicitParams<S>): Observable<ElicitAnswer<S>>;
  /**
   * Requests a completion from the client's language model (sampling). Behaves like {@link elicit$}.
   *
   * @see https://modelcontextprotocol.io/specification/2025-11-25/client/sampling
   */
  sample$(key: string, params: SampleParams): Observable<SampleResult>;
  /**
   * The client's roots. Requests the roots on subscription, emits them and completes. Cold. Errors with a `ServerError`
   * if the client does not support roots.
   *
   * @see https://modelcontextprotocol.io/specification/2025-11-25/client/roots
   */
  readonly roots$: Observable<readonly Root[]>;
  /**
   * Sends any request to the client. Emits one result and completes. Cold. With protocol 2026-07-28, only elicitation,
   * sampling and roots requests are possible.
   */
  request$(method: string, params?: Record<string, unknown>): Observable<Result>;
  /** Sends a log message to the client. See {@link log}. */
  log(level: LoggingLevel, data: unknown, logger?: string): void;
  /** Sends progress to the client. See {@link progress}. Has no effect after the result. */
  progress(value: number, total?: number, message?: string): void;
  /** Sends a notification on the response stream of the call. */
  notify(method: string, params?: Record<string, unknown>): void;
  /** Notifies this caller that the list of tools has changed. */
  toolsChanged(): void;
  /** Notifies this caller that the list of prompts has changed. */
  promptsChanged(): void;
  /** Notifies this caller that the list of resources has changed. */
  resourcesChanged(): void;
  /** Notifies this caller that a resource was updated. */
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
 * @param emit - called with each message that the call sends while it runs.
 * @param onError - called with each error that does not fail the call.
 */
export function createCallContext(
  exchange: Exchange,
  signal: AbortSignal,
  emit: (output: CallOutput) => void,
  onError: (error: unknown) => void,
): CallContext {
  const { caller, session, request } = exchange;
  const notify = (method: string, params?: Record<string, unknown>): void => emit(notification(method, params));
  /** The number of requests without a key so far. When a call runs again, it sends these requests in the same order. */
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
