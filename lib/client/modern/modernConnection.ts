import type { DiscoverResult } from '@modelcontextprotocol/client';
import {
  BehaviorSubject,
  defer,
  firstValueFrom,
  Observable,
  race,
  skip,
  Subscription,
  switchMap,
  take,
  throwError,
  timeout,
  timer,
} from 'rxjs';
import { createDispatcher } from '../rpc/dispatcher';
import {
  ConnectionFailedError,
  ConnectionLostError,
  ServerError,
  UnauthorizedError,
  type MCPError,
} from '../../errors';
import type { Hub } from '../../notification/hub';
import { errorCode } from '../../protocol/errorCodes';
import type { JSONRPCMessage, Notification } from '../../protocol/types';
import { maxTimerDelay } from '../../util/maxDelay';
import type { Connection, StreamState } from '../connection/connection';
import type { EngineTarget } from '../connection/connector';
import { afterRejectionSettles } from '../connection/failAfter';
import { engineContext } from '../connection/engineContext';
import { keepAlive$ } from '../connection/keepAlive';
import { reconnectPolicy } from '../connection/retry/reconnectPolicy';
import { skipDelayOn } from '../connection/retry/retryWith';
import { createWireLog } from '../connection/wireEvent';
import { clients } from './clientOf';
import { createDirectRequests } from './directRequests';
import { discover } from './discover';
import type { EngineTransport, ConnectionControl } from './engineTransport';
import type { Sdk } from './loadSdk';
import { requestMeta, protocolVersion } from './meta';
import { createModernClient } from './modernClient';
import { withOutputSchemas } from '../rpc/outputSchemas';
import { lowestLevel, modernRequests } from './modernRequests';
import { ModernTransport } from './modernTransport';
import { createDemandSubscription } from './subscription/demandSubscription';
import { createServerSubscriptions } from './subscription/serverSubscriptions';
import { toModernError } from './toModernError';

/** Milliseconds that a new connection waits for its subscription to open. */
const openingGrace = 1_000;
/** Milliseconds that a transport may take to close: enough for a process that has to be killed. */
const closingBound = 10_000;

/**
 * One attempt over one channel: a client of the SDK, and the tap between the two. All state is in the subscription, so that
 * what ended can not meddle with what comes after; the SDK's client is connected once, and never again.
 */
export function connectModern(
  sdk: Sdk,
  {
    kind,
    context: given,
    options: { connectTimeout = 30_000, keepAlive = false, reconnect, validateOutput },
  }: EngineTarget,
  createChannel: (carrier: ConnectionControl) => EngineTransport,
): Observable<Connection> {
  return new Observable((subscriber) => {
    const context = engineContext(given);
    const log = createWireLog(context);
    const { hub, retryNow$: hurry$, scheduler, clientInfo, capabilities } = context;
    const { client, handles } = createModernClient(sdk, context);
    const running = new Subscription();
    const toTyped = (cause: unknown, doing: string): MCPError => toModernError(sdk, cause, doing);
    let openedAt: number | undefined;
    let early: Error | undefined;
    let ended: Error | undefined;

    function fail(error: Error): void {
      if (ended) return;
      // Whether the question was answered says more than that the connection is gone.
      if (openedAt === undefined) {
        early = error;
        requests.lose(error);
        return;
      }
      ended = error;
      if (error instanceof ConnectionLostError) error.uptime = scheduler.now() - openedAt;
      log.event('lost', error);
      subscriber.error(error);
    }

    /** Whoever hears that an attempt failed may make the next one: by then nothing of this one is left. */
    function failAttempt(cause: unknown): void {
      if (ended) return;
      const error = toTyped(cause, 'connecting');
      const passing = error instanceof ServerError || error instanceof ConnectionLostError;
      const failed = passing ? new ConnectionFailedError(`connecting: ${error.message}`, { cause: error }) : error;
      ended = failed;
      dispatcher.mute();
      running.unsubscribe();
      void closed().then(() => {
        subscriber.error(failed);
      });
    }

    async function closed(): Promise<void> {
      const closing = client.transport ? client.close() : transport.close();
      await firstValueFrom(
        race(
          closing.catch(() => undefined),
          timer(closingBound, scheduler),
        ),
      );
    }

    const push = (notification: Notification): boolean => !listens.accept(notification) || hub.push(notification);
    const dispatcher = createDispatcher({ ...hub, push }, log, {
      onNotification(notification) {
        if (handles(notification.method)) deliver({ jsonrpc: '2.0', ...notification });
      },
      onRequest: deliver,
      onResponse: deliver,
      allowsBatches: () => false,
    });

    function deliver(message: JSONRPCMessage): void {
      if (!requests.take(message)) client.transport?.onmessage?.(message);
    }

    const channel = createChannel({
      receive: dispatcher.receive,
      fail,
      running,
      refuse: dispatcher.refuse,
    });
    const transport = new ModernTransport(channel.transport, {
      received: dispatcher.receive,
      sent: dispatcher.sent,
      abandoned: (requestId) => {
        dispatcher.sent({ jsonrpc: '2.0', method: 'notifications/cancelled', params: { requestId } });
        channel.abandoned?.(requestId);
      },
      notSent: (cause) => {
        const error = toTyped(cause, 'sending');
        if (openedAt !== undefined && error instanceof UnauthorizedError) {
          afterRejectionSettles(() => {
            fail(error);
          });
        }
        return error;
      },
      closed: () => {
        fail(new ConnectionLostError('the transport closed'));
      },
      failed:
        channel.onerror ??
        ((error) => {
          // What a transport says that is over is nobody's business.
          if (!ended) hub.report(toTyped(error, 'transport'));
        }),
    });
    const requests = createDirectRequests(transport, requestMeta(clientInfo, capabilities));
    const listens = createServerSubscriptions({ requests, isSpecType: sdk.isSpecType, scheduler });
    const stream$ = new BehaviorSubject<StreamState>({ listening: false, since: scheduler.now() });
    const lost = (): Error | undefined =>
      ended && new ConnectionLostError('the connection ended before the answer came', { cause: ended });

    async function close(): Promise<void> {
      ended ??= new ConnectionLostError('the connection was closed');
      dispatcher.mute();
      running.unsubscribe();
      await closed();
      log.event('closed');
      subscriber.complete();
    }

    async function notify(notification: Notification): Promise<void> {
      const { method } = notification;
      if (method === 'notifications/roots/list_changed') {
        const message =
          'roots: this version of the protocol has no way to tell of a change; servers ask when they need them';
        warnOnce(hub, method, new ServerError(message, { code: errorCode.methodNotFound }));
        return;
      }
      try {
        await client.notification(notification);
      } catch (cause) {
        throw lost() ?? toTyped(cause, method);
      }
    }

    async function handshake(discovered: DiscoverResult): Promise<void> {
      // What the SDK would ask has been asked: it has its own ideas of what is a process, and drops what comes meanwhile.
      await client.connect(transport, { prior: { kind: 'modern', discover: discovered } });
      if (early) throw early;
      openedAt = scheduler.now();
      log.event('open');
      const serverCapabilities = discovered.capabilities;
      const listening = createDemandSubscription({
        listens,
        capabilities: serverCapabilities,
        waits: () => skipDelayOn(reconnectPolicy(reconnect, scheduler, true), hurry$),
        heardAt: () => channel.health?.lastHeardAt,
        warn: (what, error) => {
          warnOnce(hub, what, error);
        },
        hub,
        scheduler,
      });
      const connection: Connection = {
        protocolEra: 'modern',
        protocolVersion: client.getNegotiatedProtocolVersion() ?? protocolVersion,
        capabilities: serverCapabilities,
        serverInfo: client.getServerVersion() ?? { name: '', version: '' },
        instructions: client.getInstructions(),
        notifications$: hub.notifications$,
        stream$,
        request$: withOutputSchemas(
          modernRequests({ client, listening, level: () => lowestLevel(listening.levels()), lost, toTyped }),
          validateOutput,
          hub.report,
        ),
        notify,
        close,
      };
      clients.set(connection, client);
      if (keepAlive !== false) running.add(keepAlive$(connection, keepAlive, scheduler).subscribe({ error: fail }));
      const ready$ = race(stream$.pipe(skip(1)), listening.settled(), timer(openingGrace, scheduler)).pipe(take(1));
      running.add(
        ready$.subscribe(() => {
          subscriber.next(connection);
        }),
      );
      running.add(
        listening.states$.subscribe({
          next: (state) => {
            stream$.next(state);
          },
          error: fail,
        }),
      );
    }

    running.add(
      defer(() => transport.start())
        .pipe(
          switchMap(() => discover(sdk, requests, kind, scheduler)),
          switchMap(handshake),
          timeout({
            first: Math.min(connectTimeout, maxTimerDelay),
            scheduler,
            with: () => throwError(() => unanswered(connectTimeout)),
          }),
        )
        .subscribe({ error: failAttempt }),
    );

    return () => {
      dispatcher.mute();
      running.unsubscribe();
      stream$.complete();
      const closing = ended ? closed() : close();
      context.onClosing?.(closing);
    };
  });
}

function unanswered(connectTimeout: number): Error {
  return new ConnectionFailedError(`connecting: timed out after ${String(connectTimeout)} ms`);
}

const told = new WeakMap<object, Set<string>>();

/** Reports an error once in the life of a session, however many connections it has. */
function warnOnce({ notifications$, report }: Hub, what: string, error: MCPError): void {
  const known = told.get(notifications$) ?? new Set();
  told.set(notifications$, known);
  if (known.has(what)) return;
  known.add(what);
  report(error);
}
