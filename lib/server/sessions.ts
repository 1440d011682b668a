import { concat, defer, from, type Observable, Subject, Subscription } from 'rxjs';
import { SessionClosedError } from '../errors';
import type { Notification, RequestId } from '../protocol/types';
import { isNotification } from '../protocol/message';
import { isObject } from '../util/isObject';
import { backgroundInterval } from './backgroundInterval';
import { heartbeatMs } from './nodes/nodeLost';
import { isNodeMessage, type NodeMessage } from './nodeMessage';
import { isOpenLease } from './nodes/streamLeases';
import type { AuthInfo } from './caller';
import type { ServerRequests } from './serverRequests';
import type { ServerSettings } from './serverOptions';
import { LiveSession, type SessionEnd, type SessionHost } from './serverSession';
import { isRecord, listenerKey, nodeKey, recordKey, sessionLog, type SessionRecord } from './sessionRecord';

/** The sessions of a node. */
export interface Sessions {
  /** The current sessions, then each new one. */
  readonly sessions$: Observable<LiveSession>;
  readonly size: number;
  /** The current sessions of this node. */
  readonly current: readonly LiveSession[];
  /** Stops serving a session that another node has ended. */
  forget(session: LiveSession): void;
  /** The number of sessions with a stream at this node. */
  readonly listening: number;
  /** Emits after each change of the number of sessions or streams. */
  readonly changes$: Subject<void>;
  /** Starts a session over HTTP. Resolves with `undefined` if there are too many sessions. */
  begin(record: SessionRecord, authInfo: AuthInfo | undefined): Promise<LiveSession | undefined>;
  /** Adds a session that is not stored: the session of a transport. */
  add(session: LiveSession): void;
  /** Finds a session of a principal, at this node or in the store. */
  find(id: string, authInfo: AuthInfo | undefined): Promise<LiveSession | undefined>;
  /** Returns a session of this node. */
  local(id: string): LiveSession | undefined;
  /** Stores a changed record and notifies the other nodes. */
  store(session: LiveSession, record: SessionRecord): Promise<void>;
  end(session: LiveSession, reason: SessionEnd): Promise<void>;
  /** Handles a message of a client that is not a request. */
  receive(session: LiveSession, message: object): Promise<void>;
  /** Sends a message to all nodes. */
  publish(message: NodeMessage): Promise<void>;
  /** Messages of all nodes about sessions of this node. */
  readonly messages$: Observable<{ session: LiveSession; message: NodeMessage }>;
  readonly notifications$: Subject<{ session?: LiveSession; notification: Notification }>;
  /** Completes the streams. Ends sessions that no other node can serve. */
  close(): Promise<void>;
}

const channel = 's';

/** The number of checks for idle sessions during the time that a session may be idle. */
const sweepsPerIdle = 4;
const maxSweepMs = 30_000;

/** Creates the sessions of a node, and applies changes that other nodes make to them. */
export function createSessions(
  settings: ServerSettings,
  node: () => string,
  serverRequests: ServerRequests,
  isBusy: (session: LiveSession) => boolean,
  onError: (error: unknown) => void,
): Sessions {
  const { backplane, scheduler } = settings;
  const { idle, max } = settings.sessions || { idle: Infinity, max: Infinity };
  const sessions = new Map<string, LiveSession>();
  const added$ = new Subject<LiveSession>();
  const changes$ = new Subject<void>();
  const messages$ = new Subject<{ session: LiveSession; message: NodeMessage }>();
  const notifications$ = new Subject<{ session?: LiveSession; notification: Notification }>();
  const work = new Subscription();
  let sweeping: Subscription | undefined;
  let isOpen = false;
  let isClosed = false;

  function open(): void {
    if (isOpen) return;
    isOpen = true;
    work.add(backplane.on$(channel).subscribe(onMessage));
    work.add(
      backplane.on$(nodeKey(node())).subscribe((message) => {
        if (isObject(message) && typeof message['session'] === 'string')
          serverRequests.settle(message['session'], message['answer']);
      }),
    );
    if (!settings.isShared) return;
    const sendHeartbeat = (): void => void backplane.set(nodeKey(node()), true, heartbeatMs).catch(onError);
    sendHeartbeat();
    work.add(backgroundInterval(heartbeatMs / 3, scheduler).subscribe(sendHeartbeat));
  }

  function onMessage(message: unknown): void {
    if (!isNodeMessage(message)) return;
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
    if (sessions.size > 0) return;
    sweeping?.unsubscribe();
    sweeping = undefined;
  }

  async function sweep(): Promise<void> {
    const now = scheduler.now();
    for (const session of sessions.values()) {
      if (isBusy(session)) await touch(session);
      else if (session.usedAt + idle <= now) {
        if ((await backplane.alive(recordKey(session.id))) && settings.isShared) session.usedAt = now;
        else await self.end(session, 'idle');
      }
    }
  }

  /** Keeps the record of a session from expiring. */
  async function touch(session: LiveSession): Promise<void> {
    const now = scheduler.now();
    if (now - session.usedAt < idle / 10) return;
    session.usedAt = now;
    if (session.isStored) await backplane.set(recordKey(session.id), session.record, idle);
  }

  function principalOf(authInfo: AuthInfo | undefined): string | undefined {
    return authInfo && settings.principal(authInfo);
  }

  const self: Sessions = {
    sessions$: defer(() => concat(from([...sessions.values()]), added$)),
    changes$,
    messages$,
    notifications$,
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
      if (Number.isFinite(idle)) {
        const period = Math.min(idle / sweepsPerIdle, maxSweepMs);
        sweeping ??= backgroundInterval(period, scheduler).subscribe(() => void sweep().catch(onError));
      }
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
      // A session of this node continues while the store is down.
      void touch(session).catch(onError);
      return session;
    },
    local: (id) => sessions.get(id),
    async store(session, record) {
      session.record = record;
      if (!session.isStored) return;
      // If the store is down, the other nodes receive the record later: the node stores it again when the store recovers.
      try {
        await backplane.set(recordKey(session.id), record, idle);
        await self.publish({ kind: 'stored', session: session.id, node: node() });
      } catch (error) {
        onError(error);
      }
    },
    async end(session, reason) {
      remove(session, reason);
      if (!session.isStored) return;
      const { id } = session;
      await self.publish({ kind: 'end', reason, session: id, node: node() });
      const keys = [recordKey(id), sessionLog(id), listenerKey(id)];
      await Promise.all(keys.map((key) => backplane.delete(key))).catch(onError);
    },
    async receive(session, message) {
      if (!isNotification(message)) {
        await route(session.id, message);
        return;
      }
      const { method, params } = message;
      const notification = { method, ...(params && { params }) };
      if (method === 'notifications/progress') await route(session.id, message);
      if (method === 'notifications/cancelled' && isRequestId(params?.['requestId'])) {
        const cancel = { kind: 'cancel', request: params['requestId'], session: session.id, node: node() } as const;
        messages$.next({ session, message: cancel });
        await self.publish(cancel);
      }
      notifications$.next({ session, notification });
      session.receive(notification);
      if (method === 'notifications/roots/list_changed') {
        await self.publish({ kind: 'roots', session: session.id, node: node() });
      }
    },
    async publish(message) {
      if (settings.isShared) await backplane.publish(channel, message).catch(onError);
    },
    async close() {
      isClosed = true;
      // Close the streams first: sessions that other nodes can serve do not end, so their clients reconnect.
      for (const session of sessions.values()) session.events?.close();
      sweeping?.unsubscribe();
      work.unsubscribe();
      for (const session of [...sessions.values()]) {
        if (settings.isShared) remove(session, 'closed');
        else await self.end(session, 'closed');
      }
      if (isOpen && settings.isShared) await backplane.delete(nodeKey(node())).catch(onError);
      added$.complete();
      changes$.complete();
      messages$.complete();
      notifications$.complete();
    },
  };

  /** Passes a response of a client to the node that sent the request, which may be this one. */
  async function route(session: string, answer: object): Promise<void> {
    const owner = serverRequests.settle(session, answer);
    if (owner !== undefined) await backplane.publish(nodeKey(owner), { session, answer });
  }

  return self;
}

function isRequestId(value: unknown): value is RequestId {
  return typeof value === 'string' || typeof value === 'number';
}
