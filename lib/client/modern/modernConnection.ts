import type { Observable } from 'rxjs';
import { ServerError } from '../../errors';
import type { Hub } from '../../notification/hub';
import { errorCode } from '../../protocol/errorCodes';
import type { Notification, Request } from '../../protocol/types';
import type { Connection, RequestOptions, StreamState } from '../connection/connection';
import { outputValidators, type ValidateOutput } from '../connection/validateOutput';
import { ValidatedRequests } from '../rpc/outputSchemas';
import { protocolVersion } from './meta';
import { clients } from './modernClient';
import { modernRequests, type RequestsContext } from './modernRequests';
import type { ServerMemory } from './serverMemory';

/** Dependencies of {@link modernConnection}. */
interface ModernConnectionOptions extends RequestsContext {
  stream$: Observable<StreamState>;
  validateOutput: ValidateOutput | undefined;
  memory: ServerMemory;
  hub: Hub;
  /** Ends the connection. Idempotent. */
  close(): Promise<void>;
}

/** Creates a connection with protocol 2026-07-28, whose SDK client is connected. */
export function modernConnection(options: ModernConnectionOptions): Connection {
  const { client, stream$, validateOutput, memory, hub, connectionError, toTyped, close } = options;
  const outputs = new ValidatedRequests({ request$: modernRequests(options) }, validateOutput, hub.report);

  async function notify(notification: Notification): Promise<void> {
    const { method } = notification;
    if (method === 'notifications/roots/list_changed') {
      const message =
        'roots: changes are not announced in this protocol version (servers request the roots when needed)';
      memory.reportOnce(method, new ServerError(message, { code: errorCode.methodNotFound }), hub);
      return;
    }
    try {
      await client.notification(notification);
    } catch (cause) {
      throw connectionError() ?? toTyped(cause, method);
    }
  }

  const connection: Connection = {
    protocolEra: 'modern',
    protocolVersion: client.getNegotiatedProtocolVersion() ?? protocolVersion,
    capabilities: client.getServerCapabilities() ?? {},
    serverInfo: client.getServerVersion() ?? { name: '', version: '' },
    instructions: client.getInstructions(),
    notifications$: hub.notifications$,
    stream$,
    request$: (request: Request, requestOptions?: RequestOptions) => outputs.request$(request, requestOptions),
    notify,
    close,
  };
  clients.set(connection, client);
  outputValidators.set(connection, outputs);
  return connection;
}
