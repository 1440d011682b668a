import type { DiscoverResult } from '@modelcontextprotocol/client';
import { BehaviorSubject, defer, Observable, race, skip, Subscription, switchMap, take, timer } from 'rxjs';
import { Dispatcher } from '../rpc/dispatcher';
import { ConnectionFailedError, ConnectionLostError, ServerError, type MCPError } from '../../errors';
import type { JSONRPCMessage, Notification } from '../../protocol/types';
import type { Connection, StreamState } from '../connection/connection';
import type { EngineTarget } from '../connection/connector';
import { afterRejectionSettles, endsConnection } from '../connection/sendErrors';
import { engineContext } from '../connection/engineContext';
import { messageDuring } from '../connection/toTypedError';
import { keepAlive$ } from '../connection/keepAlive';
import { reconnectPolicy } from '../connection/retry/reconnectPolicy';
import { skipDelayOn } from '../connection/retry/retryWith';
import { WireLog } from '../connection/wireEvent';
import { createDirectRequests } from './directRequests';
import { awaitClosed, failAfter, maxOpenGraceMs } from '../connection/limits';
import { discover } from './discover';
import { type Sdk, toModernError } from './sdk';
import { requestMeta } from './meta';
import { createModernClient } from './modernClient';
import type { ServerMemory } from './serverMemory';
import { modernConnection } from './modernConnection';
import { createTaskRequests, encodeTask } from './modernTasks';
import { ModernTransport, type EngineTransport, type ConnectionControl } from './modernTransport';
import { createInputRequestOrigins } from './inputRequestOrigins';
import { createDemandSubscription } from './subscription/demandSubscription';
import { createServerSubscriptions } from './subscription/serverSubscriptions';

/**
 * Makes one connection over a transport, with an SDK client that receives messages after the dispatcher. Cold. All
 * state is inside the subscription, so late events of an ended connection cannot affect the next one.
 */
export function connectModern(
  sdk: Sdk,
  target: EngineTarget,
  memory: ServerMemory,
  mayFallBack: boolean,
  createTransport: (control: ConnectionControl) => EngineTransport,
): Observable<Connection> {
  const { kind } = target;
  const { connectTimeout, keepAlive = false, reconnect, validateOutput } = target.options;
  return new Observable((subscriber) => {
    const context = engineContext(target.context);
    const log = new WireLog(context);
    const { hub, retryNow$, scheduler, clientInfo, capabilities } = context;
    const { client, handles } = createModernClient(sdk, context);
    const running = new Subscription();
    const origins = createInputRequestOrigins();
    const toTyped = (cause: unknown, operation: string): MCPError => toModernError(sdk, cause, operation);
    let openedAt: number | undefined;
    let earlyError: Error | undefined;
    let endError: Error | undefined;

    function fail(error: Error): void {
      if (endError) return;
      // The error of `server/discover` is more specific than the loss of the connection.
      if (openedAt === undefined) {
        earlyError = error;
        requests.failAll(error);
        return;
      }
      endError = error;
      if (error instanceof ConnectionLostError) error.uptime = scheduler.now() - openedAt;
      context.onMissed?.(engineTransport.health?.lastLiveAt ?? scheduler.now());
      log.event('lost', error);
      subscriber.error(error);
    }

    /** Cleans up before emitting the error, because the subscriber may retry immediately. */
    function failAttempt(cause: unknown): void {
      if (endError) return;
      const error = toTyped(cause, 'connecting');
      const isTransient = error instanceof ServerError || error instanceof ConnectionLostError;
      const connectError = isTransient
        ? new ConnectionFailedError(messageDuring('connecting', error), { cause: error })
        : error;
      endError = connectError;
      dispatcher.stopReceiving();
      running.unsubscribe();
      void closeTransport().then(() => {
        subscriber.error(connectError);
      });
    }

    function closeTransport(): Promise<void> {
      const closing = client.transport ? client.close() : transport.close();
      return awaitClosed(closing, scheduler);
    }

    const push = (notification: Notification): boolean => !subscriptions.accept(notification) || hub.push(notification);
    const dispatcher = new Dispatcher({ push, report: hub.report, messages$: hub.messages$ }, log, {
      onNotification(notification) {
        if (handles(notification.method)) deliver({ jsonrpc: '2.0', ...notification });
      },
      onRequest: deliver,
      onResponse: deliver,
      allowsBatches: () => false,
      respondsPerRequest: kind === 'http',
    });

    function receive(value: unknown): void {
      dispatcher.receive(value);
    }

    function deliver(message: JSONRPCMessage): void {
      origins.onReceived(message);
      if (!requests.take(message)) client.transport?.onmessage?.(encodeTask(message));
    }

    const engineTransport = createTransport({
      receive,
      fail,
      running,
      failRequest: (id, error) => {
        dispatcher.failRequest(id, error);
      },
    });
    const transport = new ModernTransport(engineTransport.transport, {
      onReceived: receive,
      onSent: (message) => {
        origins.onSent(message);
        dispatcher.onSent(message);
      },
      onAbandoned: (requestId) => {
        dispatcher.onSent({ jsonrpc: '2.0', method: 'notifications/cancelled', params: { requestId } });
        engineTransport.onAbandoned?.(requestId);
      },
      toSendError: (cause) => {
        const error = toTyped(cause, 'sending');
        // Without an authorization flow, a 401 or 403 rejects only this request, not the connection.
        if (openedAt !== undefined && endsConnection(error)) {
          afterRejectionSettles(() => {
            fail(error);
          });
        }
        return error;
      },
      onClosed: () => {
        fail(new ConnectionLostError('connection: the transport closed'));
      },
      onError:
        engineTransport.onError ??
        ((error) => {
          // Errors from a closed transport are ignored.
          if (!endError) hub.report(toTyped(error, 'transport'));
        }),
    });
    const requests = createDirectRequests(transport, requestMeta(clientInfo, capabilities));
    const subscriptions = createServerSubscriptions({ requests, isSpecType: sdk.isSpecType, scheduler });
    const stream$ = new BehaviorSubject<StreamState>({ listening: false, since: scheduler.now() });
    const connectionError = (): Error | undefined =>
      endError && new ConnectionLostError('connection: ended before the response arrived', { cause: endError });

    function releaseResources(): void {
      dispatcher.stopReceiving();
      running.unsubscribe();
      const error = connectionError();
      if (error) requests.failAll(error);
    }

    async function close(): Promise<void> {
      endError ??= new ConnectionLostError('connection: closed');
      releaseResources();
      await closeTransport();
      log.event('closed');
      subscriber.complete();
    }

    async function handshake(discovered: DiscoverResult): Promise<void> {
      // Skip the SDK's own negotiation, which misdetects stdio servers, and drops messages that arrive during the
      // negotiation.
      await client.connect(transport, { prior: { kind: 'modern', discover: discovered } });
      if (earlyError) throw earlyError;
      openedAt = scheduler.now();
      log.event('open');
      const listening = createDemandSubscription({
        subscriptions,
        capabilities: discovered.capabilities,
        mayListen: target.kind !== 'http' || target.options.listen !== false,
        policy: () => skipDelayOn(reconnectPolicy(reconnect, scheduler, true), retryNow$),
        lastLiveAt: () => engineTransport.health?.lastLiveAt,
        memory,
        hub,
        scheduler,
      });
      const connection = modernConnection({
        client,
        capabilities,
        taskRequest$: createTaskRequests(requests, capabilities),
        listening,
        origins,
        connectionError,
        toTyped,
        stream$,
        validateOutput,
        memory,
        hub,
        close,
      });
      if (keepAlive !== false) running.add(keepAlive$(connection, keepAlive, scheduler).subscribe({ error: fail }));
      const ready$ = race(stream$.pipe(skip(1)), listening.subscribed$, timer(maxOpenGraceMs, scheduler)).pipe(take(1));
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
          switchMap(() => discover(sdk, requests, { kind, connectTimeout, mayFallBack, scheduler })),
          switchMap(handshake),
          failAfter('connecting', connectTimeout, scheduler),
        )
        .subscribe({ error: failAttempt }),
    );

    return () => {
      releaseResources();
      stream$.complete();
      const closing = endError ? closeTransport() : close();
      context.onClosing?.(closing);
    };
  });
}
