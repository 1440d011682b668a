import {
  catchError,
  defer,
  from,
  map,
  type Observable,
  type ObservableInput,
  of,
  type SchedulerLike,
  switchMap,
  tap,
  throwError,
} from 'rxjs';
import { HandlerError, ServerError } from '../errors';
import { errorCode, methodNotFound } from '../protocol/errorCodes';
import type { CallToolResult, LoggingLevel, Result } from '../protocol/types';
import { loggingLevels } from '../notification/notificationMap';
import { assertJson } from '../util/assertJson';
import { deferValue } from '../util/deferValue';
import { isObject } from '../util/isObject';
import { reasonOf } from '../util/reasonOf';
import { assertError } from './assertMessage';
import type { CallContext } from './callContext';
import type { CallOutput } from './callOutput';
import type { Calls } from './calls';
import { type Completer, isCompletion, toCompletion } from './completion';
import type { Exchange } from './exchange';
import { findResource, targetOf } from './findResource';
import type { List } from './list';
import type { PromptDefinition } from './prompt';
import type { ResourceDefinition } from './resource';
import type { ResourceStreams } from './resourceStreams';
import { runCall$ } from './runCall';
import type { ServerSession } from './serverSession';
import { OutputError, type ToolDefinition } from './tool';

/**
 * Handles requests with a custom method. Returns an Observable, a promise, a generator or one value. The last object
 * that it emits is the result.
 */
export type ServerHandler = (
  params: Record<string, unknown>,
  ctx: CallContext,
) => ObservableInput<CallOutput> | CallOutput;

export interface HandlerContext {
  readonly tools: List<ToolDefinition> | undefined;
  readonly prompts: List<PromptDefinition> | undefined;
  readonly resources: List<ResourceDefinition> | undefined;
  readonly completions: Completer | undefined;
  readonly custom: ReadonlyMap<string, ServerHandler>;
  readonly streams: ResourceStreams;
  readonly calls: Calls;
  readonly scheduler: SchedulerLike;
  readonly onError: (error: unknown) => void;
  /** Changes the record of a session. */
  readonly update: (session: ServerSession, change: SessionChange) => Promise<void>;
}

/** A change of a session's record that its client requested. */
export type SessionChange = { level: LoggingLevel } | { subscribe: string } | { unsubscribe: string };

type Handler = (exchange: Exchange) => Observable<Result>;

/** The common members of {@link ToolDefinition} and {@link PromptDefinition}. */
interface NamedDefinition extends Pick<ToolDefinition, 'run$'> {
  readonly listing: { readonly name: string };
  readonly timeout?: number | undefined;
  resultOf(value: unknown): Promise<Result> | Result;
}

/** Creates the function that answers client requests, both of the protocol and custom ones. */
export function createRequestHandlers(context: HandlerContext): { methods: readonly string[]; answer$: Handler } {
  const { tools, prompts, resources, completions, calls, scheduler, onError } = context;
  const handlers = new Map<string, Handler>();

  function run$(
    exchange: Exchange,
    name: string | undefined,
    options: { timeout?: number | undefined },
    project$: (ctx: CallContext) => Observable<unknown>,
    toResult: (value: unknown) => Promise<Result> | Result,
  ): Observable<Result> {
    const { method } = exchange.request;
    const call$ = calls.track$(exchange, name, (onProgress) =>
      runCall$(exchange, project$, { ...options, scheduler, onProgress, onError }).pipe(
        tap((value) => assertOutput(name ?? method, value)),
        switchMap((value) => from(Promise.resolve(toResult(value)))),
      ),
    );
    return call$.pipe(
      catchError((error: unknown) => {
        if (error instanceof OutputError) onError(new HandlerError(error.message, { cause: error }));
        if (method === 'tools/call' && !(error instanceof ServerError)) return of(failure(error));
        return throwError(() => sendable(toServerError(error), method, onError));
      }),
    );
  }

  function stored(exchange: Exchange, change: (params: Record<string, unknown>) => SessionChange): Observable<Result> {
    const { session, request } = exchange;
    if (!session) return throwError(() => methodNotFound(request.method));
    return defer(() => context.update(session, change(paramsOf(exchange)))).pipe(map(() => ({})));
  }

  /** Adds the handlers for listing definitions and for running one by its name. */
  function addNamed(list: List<NamedDefinition> | undefined, kind: 'tools' | 'prompts', method: string): void {
    if (!list) return;
    const current$ = ({ caller, session }: Exchange): Observable<readonly NamedDefinition[]> =>
      list.current$(caller, session);
    handlers.set(`${kind}/list`, (exchange) =>
      current$(exchange).pipe(map((items) => ({ [kind]: items.map(({ listing }) => listing) }))),
    );
    handlers.set(method, (exchange) => {
      const { name, arguments: args } = paramsOf(exchange);
      return current$(exchange).pipe(
        switchMap((items) => {
          const found = items.find(({ listing }) => listing.name === name);
          if (!found) return throwError(() => unknownName(method, kind.slice(0, -1), name));
          return run$(exchange, found.listing.name, found, (ctx) => found.run$(args, ctx), found.resultOf);
        }),
      );
    });
  }

  addNamed(tools, 'tools', 'tools/call');
  addNamed(prompts, 'prompts', 'prompts/get');

  if (resources) {
    const list$ = (key: 'uri' | 'uriTemplate', { caller, session }: Exchange): Observable<object[]> =>
      resources
        .current$(caller, session)
        .pipe(map((items) => items.map(({ listing }) => listing).filter((listing) => key in listing)));
    handlers.set('resources/list', (exchange) => list$('uri', exchange).pipe(map((items) => ({ resources: items }))));
    handlers.set('resources/templates/list', (exchange) =>
      list$('uriTemplate', exchange).pipe(map((resourceTemplates) => ({ resourceTemplates }))),
    );
    handlers.set('resources/read', (exchange) => {
      const uri = String(paramsOf(exchange)['uri']);
      return resources.current$(exchange.caller, exchange.session).pipe(
        switchMap((items) => {
          const found = findResource(items, uri);
          if (!found) {
            return throwError(
              () =>
                new ServerError(`resources/read: unknown resource (${uri})`, { code: resourceNotFound, data: { uri } }),
            );
          }
          const read$ = (ctx: CallContext): Observable<unknown> => context.streams.read$(targetOf(found, uri, ctx));
          return run$(exchange, uri, {}, read$, (result) => (isObject(result) ? result : { contents: [] }));
        }),
      );
    });
    handlers.set('resources/subscribe', (exchange) => stored(exchange, ({ uri }) => ({ subscribe: String(uri) })));
    handlers.set('resources/unsubscribe', (exchange) => stored(exchange, ({ uri }) => ({ unsubscribe: String(uri) })));
  }

  if (completions) {
    handlers.set('completion/complete', (exchange) => {
      const params = paramsOf(exchange);
      if (!isCompletion(params))
        return throwError(
          () => new ServerError('completion/complete: invalid params', { code: errorCode.invalidParams }),
        );
      return run$(exchange, undefined, {}, (ctx) => deferValue(() => completions(params, ctx)), toCompletion);
    });
  }

  handlers.set('logging/setLevel', (exchange) =>
    stored(exchange, ({ level }) => {
      const known = loggingLevels.find((each) => each === level);
      if (!known)
        throw new ServerError(`logging/setLevel: unknown level (${String(level)})`, { code: errorCode.invalidParams });
      return { level: known };
    }),
  );

  return {
    methods: [...handlers.keys()],
    answer$: (exchange) => {
      const { method } = exchange.request;
      const answer$ = handlers.get(method);
      if (answer$) return answer$(exchange);
      const project = context.custom.get(method);
      if (!project) return throwError(() => methodNotFound(method));
      const project$ = (ctx: CallContext): Observable<unknown> => deferValue(() => project(paramsOf(exchange), ctx));
      return run$(exchange, undefined, {}, project$, (value = {}) => {
        if (isObject(value)) return value;
        throw new OutputError(`${method}: invalid result (expected an object)`);
      });
    },
  };
}

/** The error code of the protocol for a resource that does not exist. */
const resourceNotFound = -32002;

function paramsOf({ request }: Exchange): Record<string, unknown> {
  return request.params ?? {};
}

function unknownName(method: string, kind: string, name: unknown): ServerError {
  return new ServerError(`${method}: unknown ${kind} (${String(name)})`, { code: errorCode.invalidParams });
}

/** Throws if JSON cannot represent the last value of a handler. */
function assertOutput(name: string, value: unknown): void {
  try {
    assertJson(value, 'result');
  } catch (cause) {
    throw new OutputError(`${name}: invalid result (${reasonOf(cause).message})`, { cause });
  }
}

function failure(error: unknown): CallToolResult {
  return { content: [{ type: 'text', text: messageOf(error) }], isError: true };
}

function toServerError(error: unknown): ServerError {
  return error instanceof ServerError
    ? error
    : new ServerError(messageOf(error), { code: errorCode.internalError, cause: error });
}

/** Returns the same error or, if JSON cannot represent its data, reports that and returns an internal error. */
function sendable(error: ServerError, method: string, onError: (error: unknown) => void): ServerError {
  try {
    assertError(method, error);
    return error;
  } catch (cause) {
    onError(cause);
    return new ServerError(error.message, { code: errorCode.internalError, cause: error });
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
