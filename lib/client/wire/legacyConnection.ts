import type { Observable } from 'rxjs';
import type { Hub } from '../../notification/hub';
import type { Implementation, Notification, Request, Result, ServerCapabilities } from '../../protocol/types';
import type { Connection, RequestOptions, StreamState } from '../connection/connection';
import type { ConnectorOptions } from '../connection/connector';
import { outputValidators } from '../connection/validateOutput';
import { ValidatedRequests } from '../rpc/outputSchemas';
import type { Peer } from '../rpc/peer';
import type { HandshakeResult } from './handshake';

/** The attempt that opened a {@link LegacyConnection}. */
export interface ConnectionOwner {
  /** Ends the session on the server, then closes the wire. Idempotent. */
  close(): Promise<void>;
}

/**
 * A connection with a protocol version up to 2025-11-25. A class instead of closures, to save memory: every session has
 * one.
 */
export class LegacyConnection implements Connection {
  readonly protocolEra = 'legacy';
  readonly protocolVersion: string;
  readonly capabilities: ServerCapabilities;
  readonly serverInfo: Implementation;
  readonly instructions: string | undefined;
  readonly notifications$: Observable<Notification>;
  readonly stream$: Observable<StreamState>;
  readonly #peer: Peer;
  readonly #owner: ConnectionOwner;
  readonly #requests: ValidatedRequests;

  /** @param result - the result of the handshake. */
  constructor(
    { protocolVersion, capabilities, serverInfo, instructions }: HandshakeResult,
    stream$: Observable<StreamState>,
    peer: Peer,
    owner: ConnectionOwner,
    { notifications$, report }: Hub,
    { validateOutput }: ConnectorOptions,
  ) {
    this.protocolVersion = protocolVersion;
    this.capabilities = capabilities;
    this.serverInfo = serverInfo;
    this.instructions = instructions;
    this.notifications$ = notifications$;
    this.stream$ = stream$;
    this.#peer = peer;
    this.#owner = owner;
    this.#requests = new ValidatedRequests(peer, validateOutput, report);
    outputValidators.set(this, this.#requests);
  }

  request$(request: Request, options?: RequestOptions): Observable<Result> {
    return this.#requests.request$(request, options);
  }

  notify(notification: Notification): Promise<void> {
    return this.#peer.notify(notification);
  }

  close(): Promise<void> {
    return this.#owner.close();
  }
}
