import type { Client } from '@modelcontextprotocol/client';
import { catchError, concat, defer, finalize, type Observable, of, switchMap } from 'rxjs';
import type { StandardSchemaV1 } from '@standard-schema/spec';
import { fromAbortable } from '../../util/abort';
import { maxTimerDelay } from '../../util/maxDelay';
import { ConnectionFailedError, ConnectionLostError, ServerError } from '../../errors';
import { loggingLevels } from '../../notification/notificationMap';
import { errorCode } from '../../protocol/errorCodes';
import { isObject } from '../../util/isObject';
import type { ClientCapabilities, LoggingLevel, Request, Result } from '../../protocol/types';
import type { RequestOptions } from '../connection/connection';
import { metaKeys } from './meta';
import { taskIn, tasksMeta } from './modernTasks';
import type { InputRequestOrigins } from './inputRequestOrigins';
import type { DemandSubscription } from './subscription/demandSubscription';

/** Dependencies of {@link modernRequests}. */
export interface RequestsContext {
  client: Client;
  /** The client capabilities, which are declared with each request. */
  capabilities: ClientCapabilities;
  /** Sends a request of the tasks extension. Returns `undefined` for other methods. */
  taskRequest$(request: Request): Observable<Result> | undefined;
  listening: DemandSubscription;
  /** Finds the call that an input request of the server belongs to. */
  origins: InputRequestOrigins;
  /** Returns the error for pending requests if the connection has ended. */
  connectionError(): Error | undefined;
  toTyped(error: unknown, operation: string): Error;
}

/** A schema that accepts any object. The dispatcher has already validated the result. */
const anyResult: StandardSchemaV1<Result> = {
  '~standard': {
    version: 1,
    vendor: 'rx-mcp',
    validate: (value) => (isObject(value) ? { value } : { issues: [{ message: 'expected an object' }] }),
  },
};

/** The lists that a subscription covers. They are fetched after subscribing, so that no change in between is missed. */
const lists = new Set(['tools/list', 'prompts/list', 'resources/list', 'resources/templates/list']);

/**
 * Creates the function that sends requests with an SDK client. Each request is a cold Observable that emits its result
 * and completes, or errors with a typed error. Unsubscribing before the result cancels the request on the server.
 *
 * Requests that protocol 2026-07-28 does not define are emulated. `ping` sends `server/discover`, `logging/setLevel`
 * sets the level of later requests, and `resources/subscribe` extends the demand subscription.
 */
export function modernRequests({
  client,
  capabilities,
  taskRequest$,
  listening,
  origins,
  connectionError,
  toTyped,
}: RequestsContext) {
  /** The level that was set. Default: the lowest level with a subscriber. */
  let levelSet: LoggingLevel | undefined;

  async function send(
    { method, params }: Request,
    { acceptsTask = false }: RequestOptions,
    signal: AbortSignal,
  ): Promise<Result> {
    const options = { signal, timeout: maxTimerDelay };
    const logLevel = levelSet ?? lowestLevel(listening.levels());
    const _meta = { ...params?._meta, ...(logLevel && { [metaKeys.logLevel]: logLevel }) };
    const withMeta = { ...params, _meta };
    if (method === 'ping') {
      await client.discover(options);
      return {};
    }
    // If the server has not declared tools, `listTools` of the SDK logs a line instead of sending a request.
    const hasTools = client.getServerCapabilities()?.tools !== undefined;
    if (method === 'tools/list' && params?.['cursor'] === undefined && hasTools) {
      // The SDK derives headers and output schemas from the last complete list.
      return client.listTools(withMeta, { ...options, cacheMode: 'refresh' });
    }
    if (method === 'tools/call') {
      // With protocol 2026-07-28, the server decides whether a call becomes a task.
      const { name, arguments: args, task: _task, ...rest } = { ...params };
      if (typeof name !== 'string')
        throw new ServerError('tools/call: expected a name', { code: errorCode.invalidParams });
      if (acceptsTask) Object.assign(_meta, { ...tasksMeta(capabilities), ...params?._meta });
      try {
        // Passing a definition prevents the SDK from fetching the list.
        const toolDefinition = { name, inputSchema: { type: 'object' as const } };
        return await client.callTool(
          { ...rest, name, arguments: isObject(args) ? args : undefined, _meta },
          hasTools ? options : { ...options, toolDefinition },
        );
      } catch (error) {
        const task = acceptsTask ? taskIn(error) : undefined;
        if (!task) throw error;
        return task;
      }
    }
    return client.request({ method, params: withMeta }, anyResult, options);
  }

  return (request: Request, options: RequestOptions = {}): Observable<Result> => {
    const { method, params } = request;
    const answer$ = taskRequest$(request);
    if (answer$) return answer$;
    const uri = params?.['uri'];
    return defer(() => {
      if (method === 'resources/subscribe' && typeof uri === 'string') return concat(listening.watch$(uri), of({}));
      if (method === 'resources/unsubscribe' && typeof uri === 'string') {
        listening.unwatch(uri);
        return of({});
      }
      const known = method === 'logging/setLevel' && loggingLevels.find((name) => name === params?.['level']);
      if (known) {
        levelSet = known;
        return of({});
      }
      const sent$ = fromAbortable((signal) => send(request, options, signal), 'no longer needed');
      return (lists.has(method) ? listening.subscribed$.pipe(switchMap(() => sent$)) : sent$).pipe(
        catchError((cause: unknown) => {
          const error = toTyped(cause, method);
          throw (replacedByConnectionError(error) ? connectionError() : undefined) ?? error;
        }),
        finalize(origins.add(request)),
      );
    });
  };
}

/** Whether to replace the error of a request with that of the connection, if the connection has ended. */
function replacedByConnectionError(error: Error): boolean {
  return [ServerError, ConnectionFailedError, ConnectionLostError].some((kind) => error instanceof kind);
}

/** Returns the lowest of the given levels. */
function lowestLevel(levels: readonly LoggingLevel[]): LoggingLevel | undefined {
  return loggingLevels.find((level) => levels.includes(level));
}
