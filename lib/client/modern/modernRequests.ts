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
  /** Declared with each request. */
  capabilities: ClientCapabilities;
  /** Sends task requests. Returns `undefined` for other methods. */
  taskRequest$(request: Request): Observable<Result> | undefined;
  listening: DemandSubscription;
  /** Assigns the server's requests for input to calls. */
  origins: InputRequestOrigins;
  /** The error of requests that are pending when the connection ends. */
  connectionError(): Error | undefined;
  toTyped(error: unknown, operation: string): Error;
}

/** Accepts any object: the dispatcher has validated the result before the SDK client receives it. */
const anyResult: StandardSchemaV1<Result> = {
  '~standard': {
    version: 1,
    vendor: 'rx-mcp',
    validate: (value) => (isObject(value) ? { value } : { issues: [{ message: 'expected an object' }] }),
  },
};

/** Lists that a subscription covers. A list is fetched after subscribing, so that no later change is missed. */
const lists = new Set(['tools/list', 'prompts/list', 'resources/list', 'resources/templates/list']);

/**
 * Sends requests with an SDK client, as cold Observables: each emits its result and completes, or errors with a typed error.
 * Unsubscribing earlier cancels the request on the server.
 *
 * Requests that the modern era does not define are emulated: `ping` sends `server/discover`, `logging/setLevel` sets the level of
 * later requests, and `resources/subscribe` extends the demand subscription.
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
    // Without the capability, and once it is closed, the SDK prints a line and does not send anything.
    const hasTools = client.getServerCapabilities()?.tools !== undefined;
    if (method === 'tools/list' && params?.['cursor'] === undefined && hasTools) {
      // The SDK takes headers and output schemas from its last complete list.
      return client.listTools(withMeta, { ...options, cacheMode: 'refresh' });
    }
    if (method === 'tools/call') {
      // In this era, only the server decides whether a call becomes a task.
      const { name, arguments: args, task: _task, ...rest } = { ...params };
      if (typeof name !== 'string')
        throw new ServerError('tools/call: expected a name', { code: errorCode.invalidParams });
      if (acceptsTask) Object.assign(_meta, { ...tasksMeta(capabilities), ...params?._meta });
      try {
        // With a definition, the SDK does not fetch the list.
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

/** Whether the error of the connection, if it has ended, is more specific than an error of a request. */
function replacedByConnectionError(error: Error): boolean {
  return [ServerError, ConnectionFailedError, ConnectionLostError].some((kind) => error instanceof kind);
}

/** Returns the lowest of the given levels. */
function lowestLevel(levels: readonly LoggingLevel[]): LoggingLevel | undefined {
  return loggingLevels.find((level) => levels.includes(level));
}
