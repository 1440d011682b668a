import type { StandardSchemaV1 } from '@standard-schema/spec';
import {
  catchError,
  concatMap,
  defer,
  identity,
  map,
  type MonoTypeOperatorFunction,
  type Observable,
  type ObservableInput,
  type OperatorFunction,
  switchMap,
  tap,
  throwError,
} from 'rxjs';
import type { MCPError } from '../../errors';
import type { Progress } from '../../notification/progressOf';
import { isMethodNotFound } from '../../protocol/errorCodes';
import type { CallToolResult, Result, Tool } from '../../protocol/types';
import { isObject } from '../../util/isObject';
import { assertObject, assertOptions, isString } from '../../util/options';
import type { Connection } from '../connection/connection';
import { onDemand } from '../connection/onDemand';
import { withUnvalidated } from '../connection/validateOutput';
import { callHandler } from './callHandler';
import { type CallEvent, callToolChecks, type CallToolOptions, type ToolResultOf } from './callOptions';
import type { Calls } from './calls';

/** Dependencies of {@link createToolCalls}. */
interface ToolCallsContext {
  calls: Calls;
  /** Fetches all tools. Cold. */
  listTools$(): Observable<readonly Tool[]>;
  usable(): Connection | undefined;
  report(error: MCPError): void;
}

/** The type of {@link MCPSession.callTool$}, except that the arguments are not typed. */
export interface CallTool {
  <S extends StandardSchemaV1>(
    name: string,
    args: unknown,
    options: CallToolOptions<S> & { output: S },
  ): Observable<CallEvent<ToolResultOf<S>>>;
  (name: string, args?: unknown, options?: CallToolOptions): Observable<CallEvent<CallToolResult>>;
}

/**
 * Creates the `callTool$` function of a session.
 *
 * @param isDeferred - whether the request is sent in a microtask, so that unsubscribing in the same tick sends nothing.
 */
export function createToolCalls(
  { calls, listTools$, usable, report }: ToolCallsContext,
  isDeferred: boolean,
): CallTool {
  function send$<R extends Result>(
    name: string,
    args: unknown,
    { onProgress: _onProgress, output: _output, task, ...options }: CallToolOptions,
    proceed: OperatorFunction<CallEvent<CallToolResult>, CallEvent<R>>,
  ): Observable<CallEvent<R>> {
    const asTask = task && { task: { ...task } };
    const params = { name, arguments: args, ...asTask };
    return calls.call$({ method: 'tools/call', params }, options, { isDeferred, followsTask: true, proceed });
  }

  /**
   * Resends a call as a task if the tool requires one. The server rejects the first call before the tool runs: with
   * "method not found" or, if it uses the SDK, with a result that has `isError: true`.
   */
  function asTaskIfRequired(
    name: string,
    asTask$: () => Observable<CallEvent<CallToolResult>>,
  ): MonoTypeOperatorFunction<CallEvent<CallToolResult>> {
    type Events$ = ObservableInput<CallEvent<CallToolResult>>;
    const retryAsTask$ = (outcome$: Events$): Events$ => {
      if (!supportsTasks(usable())) return outcome$;
      return listTools$().pipe(
        map((tools) => tools.some((tool) => tool.name === name && tool.execution?.taskSupport === 'required')),
        catchError(() => [false]),
        switchMap((isRequired) => (isRequired ? asTask$() : outcome$)),
      );
    };
    return (call$) =>
      call$.pipe(
        concatMap((event) => (event.kind === 'result' && event.result.isError ? retryAsTask$([event]) : [event])),
        catchError((error: unknown) => {
          const error$ = throwError(() => error);
          return isMethodNotFound(error) ? retryAsTask$(error$) : error$;
        }),
      );
  }

  function callTool$<S extends StandardSchemaV1>(
    name: string,
    args: unknown,
    options: CallToolOptions<S> & { output: S },
  ): Observable<CallEvent<ToolResultOf<S>>>;
  function callTool$(name: string, args?: unknown, options?: CallToolOptions): Observable<CallEvent<CallToolResult>>;
  function callTool$(name: string, args?: unknown, options: CallToolOptions = {}): Observable<CallEvent<Result>> {
    return defer(() => {
      assertOptions(options, callToolChecks);
      isString(name, 'name');
      if (args !== undefined) assertObject(args, 'params.arguments');
      const { onProgress, output, task, timeout } = options;
      const retry = task
        ? identity
        : asTaskIfRequired(name, () => send$(name, args, { ...options, task: {} }, identity));
      const read = output ? withOutput(name, output, calls.withLimits('tools/call', { timeout })) : identity;
      return send$<Result>(name, args, options, (events$) => read(retry(events$))).pipe(
        onProgress ? withProgress(onProgress, report) : identity,
      );
    });
  }

  return callTool$;
}

/** Whether the server can run tools as tasks. */
function supportsTasks(connection: Connection | undefined): boolean {
  return isObject(connection?.capabilities.tasks?.requests?.tools?.call);
}

function withProgress<R>(
  onProgress: (progress: Progress) => unknown,
  report: (error: MCPError) => void,
): MonoTypeOperatorFunction<CallEvent<R>> {
  return tap((event) => {
    if (event.kind !== 'progress') return;
    const { kind: _kind, ...progress } = event;
    void callHandler(() => onProgress(progress), 'onProgress: the handler failed', report);
  });
}

const outputParser$ = onDemand('the parser of output', () => import('../onDemand/outputs'));

function withOutput<S extends StandardSchemaV1>(
  name: string,
  schema: S,
  withLimits: MonoTypeOperatorFunction<CallEvent<ToolResultOf<S>>>,
): OperatorFunction<CallEvent<CallToolResult>, CallEvent<ToolResultOf<S>>> {
  return concatMap((event) => {
    if (event.kind !== 'result') return [event];
    return outputParser$.pipe(
      withUnvalidated(name, event.result),
      switchMap(({ parseOutput }) => parseOutput(name, schema, event.result)),
      // The timeout of a call ends with its first task.
      withLimits,
    );
  });
}
