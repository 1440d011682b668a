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
   * the log. Rejects with a `ConfigError` if the params are not JSON, and with a `SessionClosedError` once the session has ended.
   */
  notify(method: string, params?: Record<string, unknown>): Promise<void>;
  /** Requests input from the user. Cold; emits one answer. Unsubscribing cancels the request. */
  elicit$<S extends Schema = Schema>(params: ElicitParams<S>): Observable<ElicitAnswer<S>>;
  /** Sends a sampling request to the client's model. Cold; emits one response. Unsubscribing cancels the request. */
  sample$(params: SampleParams): Observable<SampleResult>;
  /**
   * Sends a request to the client. Cold; emits the client's progress, then the result. Unsubscribing cancels the request. Like {@link
   * elicit$} and {@link sample$}, errors with a `ConfigError` if the params are not JSON, and with a `ConnectionLostError` if the
   * request cannot be sent, for example because the backplane is unreachable.
   */
  request$(method: string, params?: Record<string, unknown>): Observable<CallEvent<Result>>;
  /** Emits the reason once when the session ends, then completes. Replays both to late subscribers. */
  readonly ended$: Observable<SessionEnd>;
  /** Ends the session on all nodes. */
  end(): Promise<void>;
}

/** What a session needs from the endpoint that serves it. Sessions share it, to save memory. */
export interface SessionHost {
  readonly serverRequests: ServerRequests;
  /** Whether other nodes can serve the sessions. */
  readonly isStored: boolean;
  /** Sends a message on the session's stream for messages that do not belong to a client request. */
  send(session: LiveSession, message: object): Promise<void>;
  /** Emits after an outage of the store, in which messages between nodes were lost. */
  readonly recovered$: Observable<unknown>;
  end(session: LiveSession): Promise<void>;
  onError(error: unknown): void;
}

/**
 * A session on the node that serves it. A class whose streams are created on first use, to save memory: a server has many sessions,
 * and most of them have no subscriber.
 */
export class LiveSession implements ServerSession {
  readonly id: string;
  record: SessionRecord;
  /** The authorization of the latest request. */
  authInfo: AuthInfo | undefined;
  /** When the session was last used, in milliseconds since the epoch. */
  usedAt = 0;
  /** Whether this node has the stream of the session. */
  isListeningHere = false;
  /** The stream at this node, and a function that returns its position. */
  stream: { readonly name: string; readonly position: () => ListenPosition } | undefined;
  /** The position at which a stream starts that does not resume another one. `undefined` before the first stream. */
  deliveredTo: ListenPosition | undefined;
  /** The open response at this node that is the stream of the session, if there is one. */
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

  /** Like {@link request$}, without the progress of the client. */
  answer$(method: string, params: Record<string, unknown>): Observable<Result> {
    return this.request$(method, params).pipe(
      filter((event) => event.kind === 'result'),
      map(({ result }) => result),
    );
  }

  end(): Promise<void> {
    return this.#host.end(this);
  }

  /** Handles a notification of the client. */
  receive(notification: Notification): void {
    if (notification.method === 'notifications/roots/list_changed') this.#roots?.changed$.next();
    this.#hub?.push(notification);
  }

  /** Sets whether any node has a stream of the session. */
  setListening(isListening: boolean): void {
    this.#isListening = isListening;
    this.#isListening$?.next(isListening);
  }

  /** Completes the streams of the session. */
  complete(reason: SessionEnd): void {
    this.#end = reason;
    this.events?.close();
    this.#ended$?.next(reason);
    this.#ended$?.complete();
    this.#isListening$?.complete();
  }
}
