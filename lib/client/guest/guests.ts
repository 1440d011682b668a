import { errorCode, methodNotFound } from '../../protocol/errorCodes';
import { ServerError } from '../../errors';
import type { ClientCapabilities, Request, Result } from '../../protocol/types';

/** An MCP client that uses a session through `session.transport()`. */
interface Guest {
  /** The capabilities that the client declared in `initialize`. */
  readonly capabilities: ClientCapabilities;
  /** Whether a request of the client is open: then a request of the server probably belongs to that one. */
  isBusy(): boolean;
  /** Sends a request of the server to the client. Rejects with a `ServerError` if the client answers with an error. */
  ask(request: Request, signal: AbortSignal): Promise<Result>;
}

/** The clients that use one session. */
export interface Guests {
  /** Adds a client. Returns a function that removes it. */
  add(guest: Guest): () => void;
  /** The capabilities of all clients, for the session's next `initialize`. */
  capabilities(): ClientCapabilities;
  /**
   * Answers a request of the server: the clients are asked one after the other, those with an open request first, until one of
   * them supports the method. Rejects with "method not found" if none does.
   */
  ask(request: Request, signal: AbortSignal): Promise<Result>;
}

/** The capability that a client declares to be asked for a method. */
const capabilityOf = new Map<string, 'sampling' | 'elicitation'>([
  ['sampling/createMessage', 'sampling'],
  ['elicitation/create', 'elicitation'],
]);

/** Creates an empty set of clients; see {@link Guests}. */
export function createGuests(): Guests {
  const guests = new Set<Guest>();

  function candidates(method: string): Guest[] {
    const capability = capabilityOf.get(method);
    const able = [...guests].filter(({ capabilities }) => !capability || capabilities[capability] !== undefined);
    return [...able.filter((guest) => guest.isBusy()), ...able.filter((guest) => !guest.isBusy())];
  }

  return {
    add(guest) {
      guests.add(guest);
      return () => guests.delete(guest);
    },
    capabilities() {
      const all = [...guests].reduce<ClientCapabilities>((sum, guest) => ({ ...sum, ...guest.capabilities }), {});
      // Roots are those of the session.
      delete all.roots;
      return all;
    },
    async ask(request, signal) {
      for (const guest of candidates(request.method)) {
        try {
          return await guest.ask(request, signal);
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
