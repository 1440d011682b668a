import { errorCode, methodNotFound } from '../../protocol/errorCodes';
import { ServerError } from '../../errors';
import type { ClientCapabilities, Request, Result } from '../../protocol/types';

/** An MCP client that uses a session over `session.transport()`. */
interface Guest {
  /** The capabilities that the client declared in `initialize`. */
  readonly capabilities: ClientCapabilities;
  /** Whether the client has a pending request, so that a server request probably belongs to this client. */
  isBusy(): boolean;
  /** Sends a server request to the client. Rejects with a `ServerError` if the client responds with an error. */
  request(request: Request, signal: AbortSignal): Promise<Result>;
}

/** The MCP clients that use one session. */
export interface Guests {
  /** Adds a client. Returns a function that removes it. */
  add(guest: Guest): () => void;
  /** Returns the capabilities of all clients, for the next handshake of the session. */
  capabilities(): ClientCapabilities;
  /**
   * Answers a server request. Sends the request to one client after the other, until one supports the method. Clients
   * with a pending request come first. Rejects with "method not found" if no client supports the method.
   */
  ask(request: Request, signal: AbortSignal): Promise<Result>;
}

/** The capability that a client must declare to receive requests with a method. */
const capabilityOf = new Map<string, 'sampling' | 'elicitation'>([
  ['sampling/createMessage', 'sampling'],
  ['elicitation/create', 'elicitation'],
]);

/** Creates {@link Guests} without clients. */
export function createGuests(): Guests {
  const guests = new Set<Guest>();

  function candidates(method: string): Guest[] {
    const capability = capabilityOf.get(method);
    const capable = [...guests].filter(({ capabilities }) => !capability || capabilities[capability] !== undefined);
    return [...capable.filter((guest) => guest.isBusy()), ...capable.filter((guest) => !guest.isBusy())];
  }

  return {
    add(guest) {
      guests.add(guest);
      return () => guests.delete(guest);
    },
    capabilities() {
      const all = [...guests].reduce<ClientCapabilities>((sum, guest) => ({ ...sum, ...guest.capabilities }), {});
      // The session declares and answers roots itself.
      delete all.roots;
      return all;
    },
    async ask(request, signal) {
      for (const guest of candidates(request.method)) {
        try {
          return await guest.request(request, signal);
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
