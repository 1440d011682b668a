import {
  BehaviorSubject,
  catchError,
  firstValueFrom,
  from,
  NEVER,
  Observable,
  of,
  race,
  Subscription,
  timer,
} from 'rxjs';
import { ConnectionLostError, SessionExpiredError, UnauthorizedError } from '../../errors';
import type { RequestId } from '../../protocol/types';
import type { Connection, EngineContext, StreamState } from '../connection/connection';
import type { ConnectorOptions } from '../connection/connector';
import { afterRejectionSettles, failAfter } from '../connection/failAfter';
import { keepAlive$ } from '../connection/keepAlive';
import { outputValidators } from '../connection/outputValidators';
import { toTypedError } from '../connection/toTypedError';
import { closedInTime } from '../connection/timeouts';
import { createWireLog } from '../connection/wireEvent';
import { withOutputSchemas } from '../rpc/outputSchemas';
import { createPeer } from '../rpc/peer';
import { type Agreement, handshake, toConnectError } from './handshake';
import type { Wire } from './wire';

/** Timeout for ending the session on a server that does not respond, in milliseconds. */
const terminateTimeoutMs = 2_000;

/** How long pending requests of a session that the server has forgotten wait for their rejections, in milliseconds. */
const rejectionTimeoutMs = 1_000;

/**
 * Connects once with the protocol versions up to 2025-11-25: opens a wire, creates a peer, and runs the handshake over both. All
 * state is inside the subscription, so late events of an ended connection cannot affect the next one.
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
    let alwaysListening$: BehaviorSubject<StreamState> | undefined;
    let openedAt: number | undefined;
    let messageAt = scheduler.now();
    let isNoted = false;
    let mayExpire = true;
    let isOutdated = false;
    let ended: Error | undefined;
    let closing: Promise<void> | undefined;
    let released: Promise<void> | undefined;

    const peer = createPeer(context, log, {
      send: (message) => wire.send(message),
      respondsPerRequest: wire.respondsPerRequest,
      onSendError(error) {
        if (openedAt === undefined || !endsConnection(error)) return;
        // The sender must receive its own error before the connection ends.
        afterRejectionSettles(() => {
          fail(error);
        });
      },
    });

    function receive(value: unknown): void {
      if (!isNoted && mayExpire) note();
      peer.receive(value);
    }

    /** Reads the clock once for all messages of a chunk, because reading it for each message would double their cost. */
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
      // A server that has forgotten the session may still hold its stream open, so only a received message proves that the
      // session existed.
      context.onMissed?.(error instanceof SessionExpiredError && mayExpire ? Math.min(heardAt, messageAt) : heardAt);
      log.event('lost', error);
      subscriber.error(error);
    }

    /** Cleans up before emitting the error, because the subscriber may retry immediately. */
    function failAttempt(error: Error): void {
      mute();
      void closed().then(() => {
        subscriber.error(error);
      });
    }

    function mute(): void {
      peer.mute();
      running.unsubscribe();
      peer.fail(connectionError(ended), rejectionOf);
    }

    /** The server has not processed a request that it rejected, so the session may send the request again. */
    function rejectionOf(id: RequestId): Error | undefined {
      return ended instanceof SessionExpiredError && wire.isRejected?.(id) ? ended : undefined;
    }

    async function awaitRejections(): Promise<void> {
      peer.mute();
      const drained = peer.drain(connectionError(ended), rejectionOf);
      running.unsubscribe();
      await firstValueFrom(race(drained, timer(rejectionTimeoutMs, scheduler)));
    }

    function closed(): Promise<void> {
      return (released ??= closedInTime(wire.close(), scheduler));
    }

    async function release(): Promise<void> {
      if (isOutdated) await awaitResponses();
      else if (wire.isExpired?.()) await awaitRejections();
      mute();
      await closed();
    }

    /** Waits for the responses to the pending requests, unless the session is closed. */
    async function awaitResponses(): Promise<void> {
      const lost = connectionError(ended);
      const closed$ = (context.closed$ ?? NEVER).pipe(catchError(() => of(undefined)));
      await firstValueFrom(race(from(peer.awaitResponses(lost)), closed$));
      await firstValueFrom(race(peer.cancelAll(lost), timer(terminateTimeoutMs, scheduler)));
    }

    /** Idempotent. */
    function close(): Promise<void> {
      return (closing ??= end());
    }

    async function end(): Promise<void> {
      const lost = connectionError((ended ??= new ConnectionLostError('connection: closed')));
      peer.mute();
      // Calls that the session itself fails with its own error are cancelled in this turn.
      const terminated = Promise.resolve()
        .then(() => peer.cancelAll(lost))
        .then(() => {
          running.unsubscribe();
          return wire.terminate?.();
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
      mayExpire = wire.mayExpire?.() ?? true;
      log.event('open');
      const { request$, validate$ } = withOutputSchemas(peer.request$, validateOutput, hub.report);
      const connection: Connection = {
        protocolEra: 'legacy',
        protocolVersion,
        capabilities,
        serverInfo,
        instructions,
        notifications$: hub.notifications$,
        stream$: wire.stream$ ?? (alwaysListening$ = new BehaviorSubject<StreamState>({ listening: true })),
        request$,
        notify: peer.notify,
        close,
      };
      outputValidators.set(connection, validate$);
      if (keepAlive !== false) running.add(keepAlive$(connection, keepAlive, scheduler).subscribe({ error: fail }));
      subscriber.next(connection);
    }

    running.add(wire.messages$.subscribe({ next: receive, error: fail }));
    running.add(
      wire.outdated$?.subscribe({
        error(error: unknown) {
          isOutdated = openedAt !== undefined;
          fail(error);
        },
      }),
    );
    running.add(
      handshake(peer, wire, context)
        .pipe(failAfter('initialize', connectTimeout, scheduler))
        .subscribe({ next: open, error: fail }),
    );

    return () => {
      if (!isOutdated) peer.mute();
      alwaysListening$?.complete();
      const gone = closing ?? (ended ? release() : close());
      context.onClosing?.(gone);
    };
  });
}

function connectionError(cause: Error | undefined): Error {
  return new ConnectionLostError('connection: ended before the response arrived', { cause });
}

/** Whether the error of a single message makes the whole connection unusable. */
function endsConnection(error: Error): boolean {
  return error instanceof SessionExpiredError || (error instanceof UnauthorizedError && error.status === undefined);
}
