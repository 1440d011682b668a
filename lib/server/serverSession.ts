import {
  BehaviorSubject,
  defer,
  distinctUntilChanged,
  filter,
  map,
  type Observable,
  ReplaySubject,
  switchMap,
  takeUntil,
} from 'rxjs';
import { SessionClosedError } from '../errors';
import type { CallEvent } from '../client/session/callOptions';
import { createHub, type Hub } from '../notification/hub';
import type { ClientCapabilities, Implementation, Notification, Result, Root } from '../protocol/types';
import { assertMessage } from './assertMessage';
import type { SampleParams } from './callContext';
import type { AuthInfo, Caller } from './caller';
import { assertSample, type SampleResult } from './clientAnswers';
import { createClientRoots, type ClientRoots } from './clientRoots';
import { elicitation, type ElicitAnswer, type ElicitParams } from './elicitation';
import type { EventStream } from './eventStream';
import type { ListenPosition } from './listenStream';
import type { ServerRequests } from './serverRequests';
import type { Schema } from './schema';
import type { SessionRecord } from './sessionRecord';

/** The reason why a session ended: the client deleted it, it was idle for too long, or the server closed it. */
export type SessionEnd = 'deleted' | 'idle' | 'closed';

/** The session of one client, as seen by the server. All streams complete when the session ends. */
export interface ServerSession {
  /** The id of the session, as in the `Mcp-Session-Id` header. */
  readonly id: string;
  /** The name and version of the client. */
  readonly clientInfo: Implementation | undefined;
  /** The capabilities that the client has declared. */
  readonly capabilities: ClientCapabilities;
  /** The negotiated protocol version. */
  readonly protocolVersion: string;
  /** The client, with the authorization of its latest request. */
  readonly caller: Caller;
  /**
   * Whether the client listens, that is, any node has a stream of the session. Emits the current value, then each
   * change.
   */
  readonly listening$: Observable<boolean>;
  /**
   * The client's roots. Requested on the first subscription, and again after each `notifications/roots/list_changed`.
   * Shared; a late subscriber receives the current roots. Errors with a `ServerError` if the client does not support
   * roots.
   */
  readonly roots$: Observable<readonly Root[]>;
  /** Every notification from the client, in wire order. Hot. */
  readonly notifications$: Observable<Notification>;
  /**
   * Sends a notification. Resolves when the notification is in the session's log. A client that is currently not
   * listening receives it from the log when it reconnects. Rejects with a `ConfigError` if the params are not JSON, and
   * with a `SessionClosedError` if the session has ended.
   */
  notify(method: string, params?: Record<string, unknown>): Promise<void>;
  /**
   * Requests input from the user. Emits one answer and completes. Cold. Unsubscribing cancels the request. Errors like
   * {@link request$}.
   *
   * @see https://modelcontextprotocol.io/specification/2025-11-25/client/elicitation
   */
  elicit$<S extends Schema = Schema>(params: ElicitParams<S>): Observable<ElicitAnswer<S>>;
  /**
   * Requests a completion from the client's language model (sampling). Emits one response and completes. Cold.
   * Unsubscribing cancels the request. Errors like {@link request$}.
   *
   * @see https://modelcontextprotocol.io/specification/2025-11-25/client/sampling
   */
  sample$(params: SampleParams): Observable<SampleResult>;
  /**
   * Sends any request to the client. Emits `progress` events, then one `result` event, and completes. Cold.
   * Unsubscribing cancels the request.
   *
   * Errors with a `ServerError` if the client does not support the request or responds with an error, and with a
   * `ConfigError` if the params are not JSON. Errors with a `ConnectionLostError` if the request cannot be sent, for
   * example because the backplane is unreachable.
   */
  request$(method: string, params?: Record<string, unknown>): Observable<CallEvent<Result>>;
  /** Emits the reason when the session ends, and completes. Late subscribers receive both. */
  readonly ended$: Observable<SessionEnd>;
  /** Ends the session, on all nodes. Resolves when the session has ended on this node. */
  end(): Promise<void>;
}

/** Dependencies of {@link LiveSession}. Shared by all sessions of an endpoint, to save memory. */
export interface SessionHost {
  readonly serverRequests: ServerRequests;
  /** Whether the sessions are in the store, so that other nodes can serve them. */
  readonly isStored: boolean;
  /** Sends a message on the session's stream, outside of the responses to client requests. */
  send(session: LiveSession, message: object): Promise<void>;
  /** Emits after an outage of the store, during which messages between nodes may have been lost. */
  readonly recovered$: Observable<unknown>;
  end(session: LiveSession): Promise<void>;
  onError(error: unknown): void;
}

/**
 * A session on the node that serves it. Streams are created on first use, to save memory: a server has many sessions,
 * and most have no subscribers.
 */
export class LiveSession implements ServerSession {
  readonly id: string;
  record: SessionRecord;
  /** The authorization of the latest request. */
  authInfo: AuthInfo | undefined;
  /** When the session was last used, in milliseconds since the Unix epoch. */
  usedAt = 0;
  /** Whether the stream of the session is on this node. */
  isListeningHere = false;
  /** The name of the stream on this node, and a function that returns its position. */
  stream: { readonly name: string; readonly position: () => ListenPosition } | undefined;
  /**
   * The position at which the next stream starts if it does not resume another one. `undefined` before the first
   * stream.
   */
  deliveredTo: ListenPosition | undefined;
  /** The event stream of the session on this node, if there is one. */
  events: EventStream | undefined;
  readonly #host: SessionHost;
  #end: SessionEnd | undefined;
  #ended$: ReplaySubject<SessionEnd> | undefined;
  #isListening = false;
  #isListening$: BehaviorSubject<boolean> | undefined;
  #roots: ClientRoots | undefined;
  #hub: Hub | undefined;

  constructor(id: string, record: SessionRecord, host: SessionHost) {
    this.id = id;
    this.record = record;
    this.#host = host;
  }

  get isStored(): boolean {
    return this.#host.isStored;
  }

  get isEnded(): boolean {
    return this.#end !== undefined;
  }

  get clientInfo(): Implementation | undefined {
    return this.record.clientInfo;
  }

  get capabilities(): ClientCapabilities {
    return this.record.capabilities;
  }

  get protocolVersion(): string {
    return this.record.protocolVersion;
  }

  get caller(): Caller {
    const { principal, clientInfo, capabilities } = this.record;
    return { principal, authInfo: this.authInfo, clientInfo, capabilities, era: 'legacy' };
  }

  get listening$(): Observable<boolean> {
    if (!this.#isListening$) {
      this.#isListening$ = new BehaviorSubject(this.#isListening);
      if (this.isEnded) this.#isListening$.complete();
    }
    return this.#isListening$.pipe(distinctUntilChanged());
  }

  get ended$(): Observable<SessionEnd> {
    if (!this.#ended$) {
      this.#ended$ = new ReplaySubject(1);
      if (this.#end !== undefined) this.#ended$.next(this.#end);
      if (this.#end !== undefined) this.#ended$.complete();
    }
    return this.#ended$;
  }

  get roots$(): Observable<readonly Root[]> {
    return (this.#roots ??= createClientRoots(this, this.#host)).roots$;
  }

  get notifications$(): Observable<Notification> {
    if (!this.#hub) {
      const hub = createHub();
      hub.errors$.subscribe((error) => this.#host.onError(error));
      this.ended$.subscribe({ complete: () => hub.complete() });
      this.#hub = hub;
    }
    return this.#hub.notifications$;
  }

  async notify(method: string, params?: Record<string, unknown>): Promise<void> {
    assertMessage(method, params);
    if (this.isEnded) throw new SessionClosedError('notify: the session has ended');
    await this.#host.send(this, { method, ...(params && { params }) });
  }

  elicit$<S extends Schema = Schema>(params: ElicitParams<S>): Observable<ElicitAnswer<S>> {
    return defer(() => {
      const { request, read } = elicitation(params);
      return this.answer$('elicitation/create', request).pipe(switchMap(read));
    });
  }

  sample$(params: SampleParams): Observable<SampleResult> {
    return this.answer$('sampling/createMessage', { ...params }).pipe(map(assertSample));
  }

  request$(method: string, params: Record<string, unknown> = {}): Observable<CallEvent<Result>> {
    return defer(() => {
      assertMessage(method, params);
      const send = (message: object): Promise<void> => this.#host.send(this, message);
      return this.#host.serverRequests.request$(this, method, params, send).pipe(takeUntil(this.ended$));
    });
  }

  /** Like {@link request$}, but emits only the result. */
  answer$(method: string, params: Record<string, unknown>): Observable<Result> {
    return this.request$(method, params).pipe(
      filter((event) => event.kind === 'result'),
      map(({ result }) => result),
    );
  }

  end(): Promise<void> {
    return this.#host.end(this);
  }

  /** Handles a notification from the client. */
  receive(notification: Notification): void {
    if (notification.method === 'notifications/roots/list_changed') this.#roots?.changed$.next();
    this.#hub?.push(notification);
  }

  /** Sets whether any node has a stream of the session. */
  setListening(isListening: boolean): void {
    this.#isListening = isListening;
    this.#isListening$?.next(isListening);
  }

  /** Ends the session and completes its streams. */
  complete(reason: SessionEnd): void {
    this.#end = reason;
    this.events?.close();
    this.#ended$?.next(reason);
    this.#ended$?.complete();
    this.#isListening$?.complete();
  }
}
