import type { StandardSchemaV1 } from '@standard-schema/spec';
import {
  catchError,
  concatMap,
  defer,
  from,
  identity,
  map,
  type MonoTypeOperatorFunction,
  type Observable,
  of,
  type OperatorFunction,
  tap,
} from 'rxjs';
import { HandlerError, type MCPError } from '../../errors';
import type { Progress } from '../../notification/progressOf';
import { isMethodNotFound } from '../../protocol/errorCodes';
import type { CallToolResult, Result } from '../../protocol/types';
import { isObject } from '../../util/isObject';
import { assertObject, assertOptions, isString } from '../../util/options';
import type { Connection } from '../connection/connection';
import { type CallEvent, callToolChecks, type CallToolOptions, type ToolResultOf } from './callOptions';
import type { Calls } from './calls';
import { parseOutput } from './toolOutput';

/** What tool calls need of a session. */
interface ToolCallsContext {
  /** Sends the request. */
  call$: Calls['call$'];
  live(): Connection | undefined;
  report(error: MCPError): void;
}

/** Calls a tool; see `MCPSession.callTool$`. */
export interface CallTool {
  <S extends StandardSchemaV1>(
    name: string,
    args: unknown,
    options: CallToolOptions<S> & { output: S },
  ): Observable<CallEvent<ToolResultOf<S>>>;
  (name: string, args?: unknown, options?: CallToolOptions): Observable<CallEvent<CallToolResult>>;
}

/** Creates the function that calls the tools of a session. */
export function createToolCalls({ call$, live, report }: ToolCallsContext): CallTool {
  function send$(name: string, args: unknown, options: CallToolOptions): Observable<CallEvent<CallToolResult>> {
    const { onProgress: _onProgress, output: _output, task, ...callOptions } = options;
    const asTask = task && { task: { ...task } };
    return call$({ method: 'tools/call', params: { name, arguments: args, ...asTask } }, callOptions);
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
      const { onProgress, output, task } = options;
      const events$ = send$(name, args, options).pipe(
        catchError((error: unknown) => {
          if (!task && isMethodNotFound(error) && supportsTasks(live()))
            return send$(name, args, { ...options, task: {} });
          throw error;
        }),
        onProgress ? withProgress(onProgress, report) : identity,
      );
      return output ? events$.pipe(withOutput(name, output)) : events$;
    });
  }

  return callTool$;
}

/** Whether the server runs tools as tasks. A tool that requires it rejects other calls with "method not found". */
function supportsTasks(connection: Connection | undefined): boolean {
  return isObject(connection?.capabilities.tasks?.requests?.tools?.call);
}

function withProgress<R>(
  onProgress: (progress: Progress) => unknown,
  report: (error: MCPError) => void,
): MonoTypeOperatorFunction<CallEvent<R>> {
  const failed = (cause: unknown): void => report(new HandlerError('onProgress: the handler failed', { cause }));
  return tap((event) => {
    if (event.kind !== 'progress') return;
    const { kind: _kind, ...progress } = event;
    try {
      Promise.resolve(onProgress(progress)).catch(failed);
    } catch (cause) {
      failed(cause);
    }
  });
}

function withOutput<S extends StandardSchemaV1>(
  name: string,
  schema: S,
): OperatorFunction<CallEvent<CallToolResult>, CallEvent<ToolResultOf<S>>> {
  return concatMap((event) =>
    event.kind === 'result'
      ? from(parseOutput(name, schema, event.result)).pipe(map((result) => ({ kind: 'result', result }) as const))
      : of(event),
  );
}
