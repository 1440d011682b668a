import { concat, defer, map, type Observable, of, switchMap, take } from 'rxjs';
import { ConnectionFailedError, ConnectionLostError, InvalidResultError, ServerError } from '../../errors';
import { errorCode } from '../../protocol/errorCodes';
import type { ResultMap } from '../../protocol/types';
import { isObject } from '../../util/isObject';
import type { EngineContext } from '../connection/connection';
import { messageDuring } from '../connection/toTypedError';
import type { Peer } from '../rpc/peer';
import type { Wire } from './wire';

/** The supported protocol versions, the preferred one first. */
const versions = ['2025-11-25', '2025-06-18', '2025-03-26', '2024-11-05', '2024-10-07'];

/** The result of the handshake. */
export type Agreement = Pick<
  ResultMap['initialize'],
  'protocolVersion' | 'capabilities' | 'serverInfo' | 'instructions'
>;

/**
 * Sends `initialize`, checks the version, sends `notifications/initialized`, and waits for the first state of the stream. Cold.
 * Emits the agreement and completes. Errors with a typed error.
 */
export function handshake(peer: Peer, wire: Wire, { clientInfo, capabilities }: EngineContext): Observable<Agreement> {
  const initialize$ = defer(() =>
    peer.request$({
      method: 'initialize',
      params: { protocolVersion: versions[0], capabilities: { ...capabilities }, clientInfo: { ...clientInfo } },
    }),
  );
  return concat(wire.open(), initialize$).pipe(
    map(readAgreement),
    switchMap((agreement) => {
      peer.agree(agreement.protocolVersion);
      const initialized$ = defer(() => peer.notify({ method: 'notifications/initialized' }));
      const stream$: Observable<unknown> = wire.stream$ ?? of(undefined);
      return concat(wire.agree(agreement.protocolVersion), initialized$).pipe(
        switchMap(() => stream$.pipe(take(1))),
        map(() => agreement),
      );
    }),
  );
}

function readAgreement(result: Record<string, unknown>): Agreement {
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

/** Returns the error of a failed attempt. A server that rejects `initialize` may recover, unless there is no common version. */
export function toConnectError(error: Error): Error {
  if (error instanceof InvalidResultError) {
    return new ConnectionFailedError(error.message, { cause: error });
  }
  if (!(error instanceof ServerError || error instanceof ConnectionLostError)) return error;
  const message = messageDuring('initialize', error);
  if (speaksOnlyModern(error)) {
    const advice = 'the server supports only protocol 2026-07-28; pass `engine: modern()` of rx-mcp/modern';
    return new ConnectionFailedError(`${message} (${advice})`, { cause: error, retryable: false });
  }
  const retryable = !(error instanceof ServerError && error.code === errorCode.invalidParams);
  return new ConnectionFailedError(message, { cause: error, retryable });
}

/** Whether an error lists the server's versions, with 2026-07-28 among them but none that this engine supports. */
function speaksOnlyModern(error: Error): boolean {
  if (!(error instanceof ServerError) || !isObject(error.data)) return false;
  const { supported } = error.data;
  return Array.isArray(supported) && supported.includes('2026-07-28') && !versions.some((v) => supported.includes(v));
}
