import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js';
import type { Observable } from 'rxjs';
import type { Connection, ConnectionContext } from './connection';
import type { ConnectorOptions } from './connector';
import type { HttpOptions } from './http/httpOptions';

/** What an engine is to connect to: a server at a URL, or one behind a transport. */
export type EngineTarget = {
  /** What the connection is made for. */
  context: ConnectionContext;
  /** Cold; the same server by the engine that is always there, for protocol 2025-11-25 and before. */
  legacy$: Observable<Connection>;
} & (
  | { kind: 'http'; url: URL; options: HttpOptions & ConnectorOptions }
  | {
      kind: 'transport';
      options: ConnectorOptions;
      /** Makes a transport of its own for each attempt. `lost` ends the connection with the reason. */
      createTransport(lost: (error: Error) => void): Transport | Promise<Transport>;
    }
);

/**
 * Turns a connector's options into connections: cold, as `Connector.connect` is. `modern()` of `rx-mcp/modern` is one.
 */
export type Engine = (target: EngineTarget) => Observable<Connection>;
