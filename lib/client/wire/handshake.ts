import { catchError, defer, firstValueFrom, map, type SchedulerLike } from 'rxjs';
import {
  ConnectionFailedError,
  ConnectionLostError,
  InvalidResultError,
  ServerError,
  UnauthorizedError,
} from '../../errors';
import { errorCode } from '../../protocol/errorCodes';
import type { ResultMap } from '../../protocol/types';
import { firstWithin } from '../../operator/firstWithin';
import { isObject } from '../../util/isObject';
import type { EngineContext } from '../connection/connection';
import { hasStatus } from '../connection/hasStatus';
import { messageDuring } from '../connection/toTypedError';
import type { Peer } from '../rpc/peer';
import type { Wire } from './wire';

/** The supported protocol versions, in order of preference. */
const versions = ['2025-11-25', '2025-06-18', '2025-03-26', '2024-11-05', '2024-10-07'];

/** The result of the handshake. */
export type HandshakeResult = Pick<
  ResultMap['initialize'],
  'protocolVersion' | 'capabilities' | 'serverInfo' | 'instructions'
>;

/**
 * Sends `initialize`, checks the protocol version, sends `notifications/initialized`, and waits for the first state of
 * the stream. Rejects with a typed error if a request fails. May not settle if the wire ends first.
 */
export async function handshake(peer: Peer, wire: Wire, context: EngineContext): Promise<HandshakeResult> {
  const { clientInfo, capabilities } = context;
  if (wire.open) await wire.open();
  const initialize$ = peer.request$({
    method: 'initialize',
    params: { protocolVersion: versions[0], capabilities: { ...capabilities }, clientInfo: { ...clientInfo } },
  });
  const result = readInitializeResult(await firstValueFrom(initialize$));
  const { protocolVersion } = result;
  peer.setProtocolVersion(protocolVersion);
  await wire.setProtocolVersion(protocolVersion);
  await sendInitialized(peer, context);
  if (wire.stream$ && !wire.hasStreamState) await firstValueFrom(wire.stream$);
  return result;
}

/**
 * Sends `notifications/initialized`. Resolves when the server has accepted the notification. If the server rejects it,
 * but answers a ping, the server is usable: the rejection is reported, and the handshake continues.
 */
async function sendInitialized(peer: Peer, { hub, scheduler }: EngineContext): Promise<void> {
  try {
    await peer.notify({ method: 'notifications/initialized' });
  } catch (error) {
    if (!isPermanentStatus(error) || !(await answersPing(peer, scheduler))) throw error;
    hub.report(error);
  }
}

/** Timeout for the ping after a rejected `notifications/initialized`, in milliseconds. */
const pingTimeoutMs = 5_000;

/** Whether the server answers a ping. A JSON-RPC error, such as "method not found", is an answer. */
function answersPing(peer: Peer, scheduler: SchedulerLike): Promise<boolean> {
  return firstValueFrom(
    peer.request$({ method: 'ping' }).pipe(
      map(() => true),
      catchError((error: unknown) => [error instanceof ServerError]),
      firstWithin(
        pingTimeoutMs,
        scheduler,
        defer(() => [false]),
      ),
    ),
  );
}

/** Whether the server rejected a message with a status that would recur. */
function isPermanentStatus(error: unknown): error is ConnectionFailedError | UnauthorizedError {
  if (error instanceof UnauthorizedError) return error.status !== undefined;
  return hasStatus(error) && (!error.retryable || error.status === 500 || error.status === 501);
}

function readInitializeResult(result: Record<string, unknown>): HandshakeResult {
  const { protocolVersion, capabilities, serverInfo, instructions } = result;
  if (typeof protocolVersion !== 'string' || !versions.includes(protocolVersion)) {
    const message = `initialize: the server's protocol version is not supported: ${String(protocolVersion).slice(0, maxVersionLength)}`;
    throw new ConnectionFailedError(message, { retryable: false });
  }
  return {
    protocolVersion,
    capabilities: isObject(capabilities) ? capabilities : {},
    serverInfo: { name: '', version: '', ...(isObject(serverInfo) && serverInfo) },
    ...(typeof instructions === 'string' && { instructions }),
  };
}

/** The maximum length of an unsupported version in an error message, in characters. */
const maxVersionLength = 100;

/**
 * Returns the error of a failed attempt. A rejection of `initialize` is retryable, unless there is no common protocol
 * version.
 */
export function toConnectError(error: Error): Error {
  if (error instanceof InvalidResultError) {
    return new ConnectionFailedError(error.message, { cause: error });
  }
  if (!(error instanceof ServerError || error instanceof ConnectionLostError)) return error;
  const message = messageDuring('initialize', error);
  if (supportsOnlyModern(error)) {
    const advice = 'the server supports only protocol 2026-07-28; pass `engine: modern()` of rx-mcp/modern';
    return new ConnectionFailedError(`${message} (${advice})`, { cause: error, retryable: false });
  }
  const retryable = !(error instanceof ServerError && error.code === errorCode.invalidParams);
  return new ConnectionFailedError(message, { cause: error, retryable });
}

/**
 * Whether an error contains the server's protocol versions, and these include 2026-07-28, but none that this engine
 * supports.
 */
function supportsOnlyModern(error: Error): boolean {
  if (!(error instanceof ServerError) || !isObject(error.data)) return false;
  const { supported } = error.data;
  return Array.isArray(supported) && supported.includes('2026-07-28') && !versions.some((v) => supported.includes(v));
}
