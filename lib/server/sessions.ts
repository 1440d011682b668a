import { concat, defer, filter, from, type Observable, skip, Subject, Subscription } from 'rxjs';
import { SessionClosedError } from '../errors';
import type { AuthInfo } from './caller';
import { createIdleSweep } from './idleSweep';
import type { NodeMessage, NodeMessages } from './nodes/nodeMessages';
import { isOpenLease } from './nodes/streamLeases';
import type { ServerRequests } from './serverRequests';
import type { ServerSettings } from './serverOptions';
import { LiveSession, type SessionEnd, type SessionHost } from './serverSession';
import { isRecord, listenerKey, recordKey, sessionLog, type SessionRecord } from './sessionRecord';

/** The sessions that a node serves. */
export interface Sessions {
  /** Emits the current sessions, then each new one. */
  readonly sessions$: Observable<LiveSession>;
  readonly size: number;
  /** The current sessions of this node. */
  readonly current: readonly LiveSession[];
  /** Removes a session that another node has ended. */
  forget(session: LiveSession): void;
  /** The number of sessions with a stream on this node. */
  readonly listening: number;
  /** Emits after each change of the number of sessions or streams. */
  readonly changes$: Subject<void>;
  /** Starts an HTTP session. Resolves with `undefined` if the maximum number of sessions is reached. */
  begin(record: SessionRecord, authInfo: AuthInfo | undefined): Promise<LiveSession | undefined>;
  /** Adds the session of a transport, which is not stored. */
  add(session: LiveSession): void;
  /** Finds a session of the principal of `authInfo`, on this node or in the store. */
  find(id: string, authInfo: AuthInfo | undefined): Promise<LiveSession | undefined>;
  /** Returns a session of this node. */
  local(id: string): LiveSession | undefined;
  /** Replaces the record of a session, stores it and notifies the other nodes. */
  store(session: LiveSession, record: SessionRecord): Promise<void>;
  end(session: LiveSession, reason: SessionEnd): Promise<void>;
  /** Messages from all nodes about sessions of this node. */
  readonly messages$: Observable<{ session: LiveSession; message: NodeMessage }>;
  /** Closes the streams of all sessions, and ends the sessions that no other node can serve. */
  close(): Promise<void>;
}

export interface SessionsOptions {
  settings: ServerSettings;
  node: () => string;
  nodeMessages: NodeMessages;
  serverRequests: ServerRequests;
  /** Whether a session has a stream or a running call on this node. */
  isBusy: (session: LiveSession) => boolean;
  onError: (error: unknown) => void;
}

/** Creates the {@link Sessions} of a node. Applies the changes that other nodes make. */
export function createSessions(options: SessionsOptions): Sessions {
  const { settings, node, nodeMessages, serverRequests, isBusy, onError } = options;
  const { backplane, scheduler } = settings;
  const { idle, max } = settings.sessions || { idle: Infinity, max: Infinity };
  const sessions = new Map<string, LiveSession>();
  const added$ = new Subject<LiveSession>();
  const changes$ = new Subject<void>();
  const messages$ = new Subject<{ session: LiveSession; message: NodeMessage }>();
  const work = new Subscription();
  const end = (session: LiveSession): Promise<void> => self.end(session, 'idle');
  const idleSweep = createIdleSweep({ settings, idle, sessions, isBusy, end, onError });
  let isOpen = false;
  let isClosed = false;

  function open(): void {
    if (isOpen) return;
    isOpen = true;
    work.add(nodeMessages.messages$.subscribe(onMessage));
    work.add(nodeMessages.answers$.subscribe(({ session, answer }) => void serverRequests.settle(session, answer)));
  }

  function onMessage(message: NodeMessage): void {
    const session = sessions.get(message.session);
    if (!session) return;
    if (message.node !== node()) {
      if (message.kind === 'end') remove(session, message.reason);
      if (message.kind === 'roots') session.receive({ method: 'notifications/roots/list_changed' });
      if (message.kind === 'listening' && !isBusy(session)) session.setListening(message.on);
      if (message.kind === 'stored') void reload(session).catch(onError);
    }
    messages$.next({ session, message });
  }

  async function reload(session: LiveSession): Promise<void> {
    const record = await backplane.get(recordKey(session.id));
    if (!isRecord(record)) return;
    session.record = record;
    messages$.next({ session, message: { kind: 'stored', session: session.id, node: node() } });
  }

  const host: SessionHost = {
    serverRequests,
    isStored: true,
    send: async ({ id }, message) => {
      await backplane.append(sessionLog(id), JSON.stringify({ jsonrpc: '2.0', ...message }));
    },
    recovered$: backplane.status$.pipe(
      skip(1),
      filter((status) => status === 'up'),
    ),
    end: (session) => self.end(session, 'closed'),
    onError,
  };

  function create(id: string, record: SessionRecord): LiveSession {
    const session = new LiveSession(id, record, host);
    self.add(session);
    return session;
  }

  function remove(session: LiveSession, reason: SessionEnd): void {
    if (!sessions.delete(session.id)) return;
    session.complete(reason);
    changes$.next();
    if (sessions.size === 0) idleSweep.stop();
  }

  function principalOf(authInfo: AuthInfo | undefined): string | undefined {
    return authInfo && settings.principal(authInfo);
  }

  const self: Sessions = {
    sessions$: defer(() => concat(from([...sessions.values()]), added$)),
    changes$,
    messages$,
    get size() {
      return sessions.size;
    },
    get current() {
      return [...sessions.values()];
    },
    forget: (session) => remove(session, 'deleted'),
    get listening() {
      return [...sessions.values()].filter(({ isListeningHere }) => isListeningHere).length;
    },
    add(session) {
      if (isClosed) throw new SessionClosedError('session: the server is closed');
      open();
      sessions.set(session.id, session);
      session.usedAt = scheduler.now();
      idleSweep.start();
      changes$.next();
      added$.next(session);
    },
    async begin(record, authInfo) {
      if (sessions.size >= max) return undefined;
      const id = crypto.randomUUID();
      const principal = principalOf(authInfo);
      const owned = principal === undefined ? record : { ...record, principal };
      await backplane.set(recordKey(id), owned, idle);
      const session = create(id, owned);
      session.authInfo = authInfo;
      return session;
    },
    async find(id, authInfo) {
      open();
      let session = sessions.get(id);
      if (!session) {
        const record = await backplane.get(recordKey(id));
        if (!isRecord(record) || record.principal !== principalOf(authInfo)) return undefined;
        session = sessions.get(id) ?? create(id, record);
        session.setListening(isOpenLease(await backplane.get(listenerKey(id))));
      }
      if (session.record.principal !== principalOf(authInfo)) return undefined;
      session.authInfo = authInfo;
      // Not awaited, so that sessions of this node continue to work while the store is unreachable.
      void idleSweep.touch(session).catch(onError);
      return session;
    },
    local: (id) => sessions.get(id),
    async store(session, record) {
      session.record = record;
      if (!session.isStored) return;
      // If the store is unreachable, the record is stored again when it recovers.
      try {
        await backplane.set(recordKey(session.id), record, idle);
        await nodeMessages.publish({ kind: 'stored', session: session.id, node: node() });
      } catch (error) {
        onError(error);
      }
    },
    async end(session, reason) {
      remove(session, reason);
      if (!session.isStored) return;
      const { id } = session;
      await nodeMessages.publish({ kind: 'end', reason, session: id, node: node() });
      const keys = [recordKey(id), sessionLog(id), listenerKey(id)];
      await Promise.all(keys.map((key) => backplane.delete(key))).catch(onError);
    },
    async close() {
      isClosed = true;
      // Close the streams of all sessions, so that clients reconnect to another node, which can serve stored sessions.
      for (const session of sessions.values()) session.events?.close();
      idleSweep.stop();
      work.unsubscribe();
      for (const session of [...sessions.values()]) {
        if (settings.isShared) remove(session, 'closed');
        else await self.end(session, 'closed');
      }
      if (isOpen) await nodeMessages.leave();
      added$.complete();
      changes$.complete();
      messages$.complete();
    },
  };

  return self;
}
