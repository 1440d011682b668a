import { BehaviorSubject, firstValueFrom, Observable, race, Subscription, timer } from 'rxjs';
import { ConnectionLostError, SessionExpiredError, UnauthorizedError } from '../../errors';
import type { Connection, EngineContext, StreamState } from '../connection/connection';
import type { ConnectorOptions } from '../connection/connector';
import { afterRejectionSettles, failAfter } from '../connection/failAfter';
import { keepAlive$ } from '../connection/keepAlive';
import { toTypedError } from '../connection/toTypedError';
import { createWireLog } from '../connection/wireEvent';
import { withOutputSchemas } from '../rpc/outputSchemas';
import { createPeer } from '../rpc/peer';
import { type Agreement, handshake, toConnectError } from './handshake';
import type { Wire } from './wire';

/** Milliseconds that an orderly end may take with a server that does not answer. */
const terminateTimeoutMs = 2_000;
/** Milliseconds that a wire may take to close: enough for a process that has to be killed. */
const closeTimeoutMs = 10_000;

/**
 * One attempt to connect by the protocol versions up to 2025-11-25: a wire, a peer, and the handshake over both. All state
 * is in the subscription, so that late events of a dead connection cannot reach the next one.
 */
export function connectLegacy(
  context: EngineContext,
  { connectTimeout, keepAlive = false, validateOutput }: ConnectorOptions,
  createWire: () => Wire,
): Observable<Connection> {
  return new Observable((subscriber) => {
    const { hub, scheduler } = context;
    const log = createWireLog(context);
    const running = new Subscription();
    const wire = createWire();
    const stream$ = new BehaviorSubject<StreamState>(
      wire.stream$ ? { listening: false, since: scheduler.now() } : { listening: true },
    );
    let openedAt: number | undefined;
    let messageAt = scheduler.now();
    let isNoted = false;
    let ended: Error | undefined;
    let closing: Promise<void> | undefined;
    let released: Promise<unknown> | undefined;

    const peer = createPeer(context, {
      send: (message) => wire.send(message),
      onSendError(error) {
        if (openedAt === undefined || !endsConnection(error)) return;
        // The sender learns of its own error before the connection ends.
        afterRejectionSettles(() => {
          fail(error);
        });
      },
    });

    function receive(value: unknown): void {
      if (!isNoted) note();
      peer.receive(value);
    }

    /** Reads the clock once for all messages of a chunk: that costs as much as the rest of their way. */
    function note(): void {
      isNoted = true;
      messageAt = scheduler.now();
      queueMicrotask(() => {
        isNoted = false;
      });
    }

    function fail(cause: unknown): void {
      if (ended) return;
      const error = toTypedError(cause, 'connection');
      if (openedAt === undefined) {
        failAttempt((ended = toConnectError(error)));
        return;
      }
      ended = error;
      if (error instanceof ConnectionLostError || error instanceof SessionExpiredError) {
        error.uptime = scheduler.now() - openedAt;
      }
      const heardAt = wire.lastHeardAt?.() ?? scheduler.now();
      // A server that forgot the session may have kept its stream open: only a message proves that it had not.
      context.onMissed?.(error instanceof SessionExpiredError ? Math.min(heardAt, messageAt) : heardAt);
      log.event('lost', error);
      subscriber.error(error);
    }

    /** Cleans up before it emits the error: the subscriber may retry immediately. */
    function failAttempt(error: Error): void {
      mute();
      void closed().then(() => {
        subscriber.error(error);
      });
    }

    function mute(): void {
      peer.mute();
      running.unsubscribe();
      peer.fail(lostError(ended));
    }

    function closed(): Promise<unknown> {
      return (released ??= firstValueFrom(race(wire.close(), timer(closeTimeoutMs, scheduler))));
    }

    async function release(): Promise<void> {
      mute();
      await closed();
    }

    /** Idempotent. */
    function close(): Promise<void> {
      return (closing ??= end());
    }

    async function end(): Promise<void> {
      const lost = lostError((ended ??= new ConnectionLostError('the connection was closed')));
      peer.mute();
      // Calls that the session ends with an error of its own are cancelled by that.
      const terminated = Promise.resolve()
        .then(() => peer.cancelAll(lost))
        .then(() => {
          running.unsubscribe();
          return openedAt === undefined ? undefined : wire.terminate?.();
        })
        .catch(() => undefined);
      await firstValueFrom(race(terminated, timer(terminateTimeoutMs, scheduler)));
      mute();
      await closed();
      log.event('closed');
      subscriber.complete();
    }

    function open({ protocolVersion, capabilities, serverInfo, instructions }: Agreement): void {
      openedAt = scheduler.now();
      log.event('open');
      const connection: Connection = {
        protocolEra: 'legacy',
        protocolVersion,
        capabilities,
        serverInfo,
        instructions,
        notifications$: hub.notifications$,
        stream$,
        request$: withOutputSchemas(peer.request$, validateOutput, hub.report),
        notify: peer.notify,
        close,
      };
      if (keepAlive !== false) running.add(keepAlive$(connection, keepAlive, scheduler).subscribe({ error: fail }));
      subscriber.next(connection);
    }

    running.add(wire.messages$.subscribe({ next: receive, error: fail }));
    running.add(wire.stream$?.subscribe((state) => stream$.next(state)));
    running.add(
      handshake(peer, wire, context)
        .pipe(failAfter('initialize', connectTimeout, scheduler))
        .subscribe({ next: open, error: fail }),
    );

    return () => {
      peer.mute();
      stream$.complete();
      const gone = closing ?? (ended ? release() : close());
      context.onClosing?.(gone);
    };
  });
}

function lostError(cause: Error | undefined): Error {
  return new ConnectionLostError('the connection ended before the answer came', { cause });
}

/** Whether the error of one message means that the whole connection is of no more use. */
function endsConnection(error: Error): boolean {
  return error instanceof SessionExpiredError || (error instanceof UnauthorizedError && error.status === undefined);
}
