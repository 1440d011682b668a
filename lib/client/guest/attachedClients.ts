import { errorCode, methodNotFound } from '../../protocol/errorCodes';
import { ServerError } from '../../errors';
import type { ClientCapabilities, Request, Result } from '../../protocol/types';

/** An MCP client that uses a session over `session.transport()`. */
interface AttachedClient {
  /** The capabilities that the client declared in `initialize`. */
  readonly capabilities: ClientCapabilities;
  /** Whether the client has a pending request, so that a server request probably belongs to this client. */
  isBusy(): boolean;
  /** Sends a server request to the client. Rejects with a `ServerError` if the client responds with an error. */
  request(request: Request, signal: AbortSignal): Promise<Result>;
}

/** The MCP clients that use one session. */
export interface AttachedClients {
  /** Adds a client. Returns a function that removes it. */
  add(client: AttachedClient): () => void;
  /** Returns the capabilities of all clients, for the next handshake of the session. */
  capabilities(): ClientCapabilities;
  /**
   * Answers a server request. Sends the request to one client after the other, until one supports the method. Clients
   * with a pending request come first. Rejects with "method not found" if no client supports the method.
   */
  forward(request: Request, signal: AbortSignal): Promise<Result>;
}

/** The capability that a client must declare to receive requests with a method. */
const capabilityOf = new Map<string, 'sampling' | 'elicitation'>([
  ['sampling/createMessage', 'sampling'],
  ['elicitation/create', 'elicitation'],
]);

/** Creates {@link AttachedClients} without clients. */
export function createAttachedClients(): AttachedClients {
  const clients = new Set<AttachedClient>();

  function candidates(method: string): AttachedClient[] {
    const capability = capabilityOf.get(method);
    const capable = [...clients].filter(({ capabilities }) => !capability || capabilities[capability] !== undefined);
    return [...capable.filter((client) => client.isBusy()), ...capable.filter((client) => !client.isBusy())];
  }

  return {
    add(client) {
      clients.add(client);
      return () => clients.delete(client);
    },
    capabilities() {
      const all = [...clients].reduce<ClientCapabilities>((sum, client) => ({ ...sum, ...client.capabilities }), {});
      // The session declares and answers roots itself.
      delete all.roots;
      return all;
    },
    async forward(request, signal) {
      for (const client of candidates(request.method)) {
        try {
          return await client.request(request, signal);
        } catch (error) {
          if (signal.aborted || !isMethodNotFound(error)) throw error;
        }
      }
      throw methodNotFound(request.method);
    },
  };
}

function isMethodNotFound(error: unknown): boolean {
  return error instanceof ServerError && error.code === errorCode.methodNotFound;
}
