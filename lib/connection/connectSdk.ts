import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js';
import { BehaviorSubject, defer, firstValueFrom, Observable, race, skip, Subscription, take, timer } from 'rxjs';
import type { Connection, EngineContext, StreamState } from '../client/connection/connection';
import type { ConnectorOptions } from '../client/connection/connector';
import { afterRejectionSettles, failAfter } from '../client/connection/failAfter';
import { keepAlive$ } from '../client/connection/keepAlive';
import { toTypedError } from '../client/connection/toTypedError';
import { createWireLog } from '../client/connection/wireEvent';
import { ConnectionLostError, SessionExpiredError, UnauthorizedError, type MCPError } from '../errors';
import { errorCode } from '../protocol/errorCodes';
import type { RequestId } from '../protocol/types';
import { never, requestOver } from './requestOver';
import { withOutputSchemas } from '../client/rpc/outputSchemas';
import { createSdkClient } from './sdkClient';
import { createTap } from './tap';
import { TappedTransport } from './tappedTransport';
import { toConnectError } from './toConnectError';

/** What a transport may do to the connection that it carries. */
export interface Carrier {
  /** Takes a message that was read beside the transport: any parsed JSON. */
  receive(value: unknown): void;
  /** Answers an open request in the server's place, with an error. */
  refuse(id: RequestId, error: Error): void;
  /** Ends the connection with an error. */
  fail(error: Error): void;
  /** What is to end with the connection. */
  running: Subscription;
}

/** A transport of the SDK, with what it needs around it to be a connection. */
export interface Link {
  transport: Transport;
  /** Takes the faults that the transport tells of; without it they go to `errors$`. */
  onerror?(error: Error): void;
  /**
   * Runs the stream for unasked-for notifications, where that is one of its own. Its first state comes soon: the connection
   * is not told of before. Errors when the connection is lost.
   */
  listen$?: Observable<StreamState>;
  /** When the server was last heard on a stream that may be dead while it is open. Without it: until now. */
  heardAt?(): number;
  /** Ends the session on the server. */
  terminate?(): Promise<void>;
}

/** Milliseconds that an orderly end may take with a server that does not answer. */
const farewell = 2_000;
/** Milliseconds that a transport may take to close: enough for a process that has to be killed. */
const closingBound = 10_000;

/**
 * One attempt: a transport, a client of the SDK for it, and the tap between the two. All state is in the subscription, so
 * that what ended can not meddle with what comes after.
 */
export function connectSdk(
  context: EngineContext,
  { connectTimeout, keepAlive = false, validateOutput }: ConnectorOptions,
  createLink: (carrier: Carrier) => Link,
): Observable<Connection> {
  return new Observable((subscriber) => {
    const { hub, scheduler } = context;
    const log = createWireLog(context);
    const { client, handles, deliver } = createSdkClient(context, report);
    const running = new Subscription();
    let openedAt: number | undefined;
    let messageAt = scheduler.now();
    let isNoted = false;
    let ended: Error | undefined;
    let closing: Promise<void> | undefined;

    /** What goes wrong once it has ended, such as cancelling what nobody will answer, is no news. */
    function report(error: MCPError): void {
      if (!ended) hub.report(error);
    }

    function fail(error: Error): void {
      if (ended) return;
      if (openedAt === undefined) {
        failAttempt((ended = toConnectError(error)));
        return;
      }
      ended = error;
      if (error instanceof ConnectionLostError || error instanceof SessionExpiredError) {
        error.uptime = scheduler.now() - openedAt;
      }
      const heardAt = link.heardAt?.() ?? scheduler.now();
      // A server that forgot the session may have kept its stream open: only a message was proof that it had not.
      context.onMissed?.(error instanceof SessionExpiredError ? Math.min(heardAt, messageAt) : heardAt);
      log.event('lost', error);
      subscriber.error(error);
    }

    /** Whoever hears that an attempt failed may make the next one: by then nothing of this one is left. */
    function failAttempt(error: Error): void {
      tap.mute();
      running.unsubscribe();
      void closed().then(() => {
        subscriber.error(error);
      });
    }

    async function closed(): Promise<void> {
      await firstValueFrom(race(client.close(), timer(closingBound, scheduler)));
      transport.abandon();
    }

    function receive(value: unknown): void {
      if (!isNoted) note();
      tap.receive(value);
    }

    /** Once for all that comes in together: asking for the time costs as much as the rest of the way. */
    function note(): void {
      isNoted = true;
      messageAt = scheduler.now();
      queueMicrotask(() => {
        isNoted = false;
      });
    }

    const tap = createTap(
      hub,
      {
        deliver,
        handles,
        allowsBatches: () => transport.protocolVersion === '2025-03-26',
      },
      log,
    );
    const link = createLink({
      receive,
      fail,
      running,
      refuse: (id, error) => {
        tap.refuse(id, errorCode.connectionClosed, error.message, error);
      },
    });
    const stream$ = new BehaviorSubject<StreamState>(
      link.listen$ ? { listening: false, since: scheduler.now() } : { listening: true },
    );
    const transport = new TappedTransport(link.transport, {
      received: receive,
      sent: tap.sent,
      notSent: (cause) => {
        const error = toTypedError(cause, 'sending');
        if (openedAt !== undefined && endsConnection(error))
          afterRejectionSettles(() => {
            fail(error);
          });
        return error;
      },
      closed: () => {
        // Before the handshake is over, what went wrong with that says more.
        if (openedAt !== undefined) fail(new ConnectionLostError('the transport closed'));
      },
      failed:
        link.onerror ??
        ((error) => {
          report(toTypedError(error, 'transport'));
        }),
    });

    const lost = (): Error | undefined =>
      ended && new ConnectionLostError('the connection ended before the answer came', { cause: ended });
    const request$ = withOutputSchemas(requestOver(client, lost), validateOutput, report);

    /** Whoever closes it, and however often, it ends once. */
    function close(): Promise<void> {
      return (closing ??= end());
    }

    async function end(): Promise<void> {
      ended ??= new ConnectionLostError('the connection was closed');
      tap.mute();
      running.unsubscribe();
      if (openedAt !== undefined && link.terminate) {
        const terminated = link.terminate().catch(() => undefined);
        await firstValueFrom(race(terminated, timer(farewell, scheduler)));
      }
      await closed();
      log.event('closed');
      subscriber.complete();
    }

    function opened(): void {
      openedAt = scheduler.now();
      log.event('open');
      const connection: Connection = {
        protocolEra: 'legacy',
        protocolVersion: transport.protocolVersion ?? '',
        capabilities: client.getServerCapabilities() ?? {},
        serverInfo: client.getServerVersion() ?? { name: '', version: '' },
        instructions: client.getInstructions(),
        client,
        notifications$: hub.notifications$,
        stream$,
        request$,
        notify: (notification) =>
          client.notification(notification).catch((cause: unknown) => {
            throw lost() ?? toTypedError(cause, notification.method);
          }),
        close,
      };
      if (keepAlive !== false) running.add(keepAlive$(connection, keepAlive, scheduler).subscribe({ error: fail }));
      if (!link.listen$) {
        subscriber.next(connection);
        return;
      }
      running.add(
        stream$.pipe(skip(1), take(1)).subscribe(() => {
          subscriber.next(connection);
        }),
      );
      running.add(
        link.listen$.subscribe({
          next: (state) => {
            stream$.next(state);
          },
          error: fail,
        }),
      );
    }

    running.add(
      defer(() => client.connect(transport, { timeout: never }))
        .pipe(failAfter('initialize', connectTimeout, scheduler))
        .subscribe({
          next: opened,
          error: (cause: unknown) => {
            fail(toTypedError(cause, 'initialize'));
          },
        }),
    );

    return () => {
      tap.mute();
      running.unsubscribe();
      stream$.complete();
      const gone = closing ?? (ended ? closed() : close());
      context.onClosing?.(gone);
    };
  });
}

/** Whether an answer to one message means that the whole connection is of no more use. */
function endsConnection(error: Error): boolean {
  return error instanceof SessionExpiredError || error instanceof UnauthorizedError;
}
