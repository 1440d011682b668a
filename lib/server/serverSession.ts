import {
  BehaviorSubject,
  catchError,
  defer,
  distinctUntilChanged,
  EMPTY,
  filter,
  map,
  type Observable,
  ReplaySubject,
  share,
  startWith,
  Subject,
  switchMap,
  takeUntil,
  throwError,
} from 'rxjs';
import { HandlerError } from '../errors';
import type { CallEvent } from '../client/session/callOptions';
import { createHub, type Hub } from '../notification/hub';
import type { ClientCapabilities, Implementation, Notification, Result, Root } from '../protocol/types';
import { assertSample, rootsOf, unsupported, type SampleParams, type SampleResult } from './callContext';
import type { AuthInfo, Caller } from './caller';
import { elicitation, type ElicitAnswer, type ElicitParams } from './elicitation';
import type { EventStream } from './eventStream';
import type { ListenPosition } from './listenStream';
import type { ServerRequests } from './serverRequests';
import type { Schema } from './schema';
import type { SessionRecord } from './sessionRecord';

/** The reason for the end of a session: the client deleted it, it was idle for too long, or the server closed it. */
export type SessionEnd = 'deleted' | 'idle' | 'closed';

/** A client's session, on the server. Its streams complete when it ends. */
export interface ServerSession {
  /** The id of the session, as in `Mcp-Session-Id`. */
  readonly id: string;
  /** The name and version of the client. */
  readonly clientInfo: Implementation | undefined;
  /** The capabilities of the client. */
  readonly capabilities: ClientCapabilities;
  /** The negotiated protocol version. */
  readonly protocolVersion: string;
  /** The client, with the authorization of its latest request. */
  readonly caller: Caller;
  /** Whether any node has a stream of the session: the current value, then each change. */
  readonly listening$: Observable<boolean>;
  /**
   * The client's roots. Requested on the first subscription, and again after each `notifications/roots/list_changed`. Errors with
   * a `ServerError` if the client has no roots.
   */
  readonly roots$: Observable<readonly Root[]>;
  /** Notifications of the client, in wire order. Hot. */
  readonly notifications$: Observable<Notification>;
  /**
   * Sends a notification. While the client does not listen, the notification waits in the session's log. Resolves once it is in
   * the log.
   */
  notify(method: string, params?: Record<string, unknown>): Promise<void>;
  /** Requests input from the user. Cold; emits one answer. Unsubscribing cancels the request. */
  elicit$<S extends Schema = Schema>(params: ElicitParams<S>): Observable<ElicitAnswer<S>>;
  /** Sends a sampling request to the client's model. Cold; emits one response. Unsubscribing cancels the request. */
  sample$(params: SampleParams): Observable<SampleResult>;
  /** Sends a request to the client. Cold; emits the client's progress, then the result. Unsubscribing cancels the request. */
  request$(method: string, params?: Record<string, unknown>): Observable<CallEvent<Result>>;
  /** Emits the reason once when the session ends, then completes. Replays both to late subscribers. */
  readonly ended$: Observable<SessionEnd>;
  /** Ends the session on all nodes. */
  end(): Promise<void>;
}

/** A session on the node that serves it. */
export interface LiveSession extends ServerSession {
  readonly isStored: boolean;
  record: SessionRecord;
  /** The authorization of the latest request. */
  authInfo: AuthInfo | undefined;
  /** When the session was last used, in milliseconds since the epoch. */
  usedAt: number;
  readonly isListening$: BehaviorSubject<boolean>;
  /** Whether this node has the stream of the session. */
  isListeningHere: boolean;
  /** The stream at this node, and a function that returns its position. */
  stream: { readonly name: string; readonly position: () => ListenPosition } | undefined;
  /** The position at which a stream starts that does not resume another one. */
  deliveredTo: ListenPosition;
  /** The open response at this node that is the stream of the session, if there is one. */
  events: EventStream | undefined;
  readonly isEnded: boolean;
  /** Handles a notification of the client. */
  receive(notification: Notification): void;
  /** Completes the streams of the session. */
  complete(reason: SessionEnd): void;
}

/** Options for {@link createServerSession}. */
export interface ServerSessionOptions {
  id: string;
  /** Whether other nodes can serve the session. */
  isStored: boolean;
  record: SessionRecord;
  serverRequests: ServerRequests;
  /** Sends a message on the session's stream for messages that do not belong to a client request. */
  send: (message: object) => Promise<void>;
  end: () => Promise<void>;
  onError: (error: Error) => void;
}

/** The capability that a client must declare for each request that the server can send. */
export const requiredCapability: ReadonlyMap<string, string> = new Map([
  ['roots/list', 'roots'],
  ['sampling/createMessage', 'sampling'],
  ['elicitation/create', 'elicitation'],
]);

/** Whether a client with these capabilities answers requests with a method. */
export function supports(capabilities: ClientCapabilities, method: string): boolean {
  const capability = requiredCapability.get(method);
  return capability === undefined || Object.hasOwn(capabilities, capability);
}

/** Creates a session. Each of its streams is created on first use, because most sessions of a server have no subscriber. */
export function createServerSession(options: ServerSessionOptions): LiveSession {
  const { id, serverRequests, onError } = options;
  const ended$ = new ReplaySubject<SessionEnd>(1);
  const isListening$ = new BehaviorSubject(false);
  const rootsChanged$ = new Subject<void>();
  let isEnded = false;
  let hub: Hub | undefined;
  let roots$: Observable<readonly Root[]> | undefined;

  function request$(method: string, params: Record<string, unknown> = {}): Observable<CallEvent<Result>> {
    return defer(() => {
      if (!supports(session.record.capabilities, method)) return throwError(() => unsupported(method));
      const send = (message: object): void => void options.send(message).catch(onError);
      return serverRequests.request$(id, method, params, send).pipe(takeUntil(ended$));
    });
  }

  function answer$(method: string, params: Record<string, unknown>): Observable<Result> {
    return request$(method, params).pipe(
      filter((event) => event.kind === 'result'),
      map(({ result }) => result),
    );
  }

  function createRoots(): Observable<readonly Root[]> {
    const latest$ = rootsChanged$.pipe(
      startWith(undefined),
      switchMap(() =>
        answer$('roots/list', {}).pipe(
          map(rootsOf),
          catchError((cause: unknown) => {
            onError(new HandlerError('roots$: requesting the roots failed', { cause }));
            return EMPTY;
          }),
        ),
      ),
      takeUntil(ended$),
      share({
        connector: () => new ReplaySubject(1),
        resetOnRefCountZero: true,
        resetOnComplete: false,
        resetOnError: true,
      }),
    );
    return defer(() =>
      supports(session.record.capabilities, 'roots/list') ? latest$ : throwError(() => unsupported('roots/list')),
    );
  }

  function createNotifications(): Hub {
    const created = createHub();
    created.errors$.subscribe(onError);
    if (ended$.closed) created.complete();
    ended$.subscribe({ complete: () => created.complete() });
    return created;
  }

  const session: LiveSession = {
    id,
    isStored: options.isStored,
    record: options.record,
    authInfo: undefined,
    usedAt: 0,
    isListening$,
    isListeningHere: false,
    stream: undefined,
    deliveredTo: { own: '0', broadcast: options.record.broadcast },
    events: undefined,
    get isEnded() {
      return isEnded;
    },
    get clientInfo() {
      return session.record.clientInfo;
    },
    get capabilities() {
      return session.record.capabilities;
    },
    get protocolVersion() {
      return session.record.protocolVersion;
    },
    get caller(): Caller {
      const { principal, clientInfo, capabilities } = session.record;
      return { principal, authInfo: session.authInfo, clientInfo, capabilities, era: 'legacy' };
    },
    listening$: isListening$.pipe(distinctUntilChanged()),
    get roots$() {
      return (roots$ ??= createRoots());
    },
    get notifications$() {
      return (hub ??= createNotifications()).notifications$;
    },
    notify: (method, params) => options.send({ method, ...(params && { params }) }),
    elicit$: (params) => {
      const { request, read } = elicitation(params);
      return answer$('elicitation/create', request).pipe(switchMap(read));
    },
    sample$: (params) => answer$('sampling/createMessage', { ...params }).pipe(map(assertSample)),
    request$,
    ended$: ended$.asObservable(),
    end: options.end,
    receive(notification) {
      if (notification.method === 'notifications/roots/list_changed') rootsChanged$.next();
      hub?.push(notification);
    },
    complete(reason) {
      isEnded = true;
      session.events?.close();
      ended$.next(reason);
      ended$.complete();
      isListening$.complete();
      rootsChanged$.complete();
    },
  };
  return session;
}
