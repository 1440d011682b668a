import type { Request } from '../../protocol/types';

/** The timeout of one call, which stands still while the server waits for an answer of this side. */
export interface CallClock {
  pause(): void;
  resume(): void;
}

/** The open calls of a session, and the server's questions that belong to them. */
export interface OpenCalls {
  /** Adds a call. Returns a function that removes it. */
  add(request: Request, clock: CallClock): () => void;
  /**
   * Pauses the call that a question of the server belongs to. Returns a function that resumes it.
   *
   * @param origin - the request on whose response stream the question arrived, where the wire knows it. Without it, a question
   * belongs to the only open call. While several calls are open, it belongs to none.
   */
  hold(origin?: Request): () => void;
}

/** Requests that a server answers on its own: no question of the server belongs to them. */
const answeredAlone = new Set([
  'ping',
  'logging/setLevel',
  'completion/complete',
  'tools/list',
  'prompts/list',
  'resources/list',
  'resources/templates/list',
  'resources/subscribe',
  'resources/unsubscribe',
  'tasks/get',
  'tasks/cancel',
]);

/** Creates an empty set of calls. */
export function createOpenCalls(): OpenCalls {
  const open = new Map<Request, CallClock>();

  function clockOf(origin: Request | undefined): CallClock | undefined {
    const known = origin && open.get(origin);
    if (known) return known;
    const [only] = open.values();
    return open.size === 1 ? only : undefined;
  }

  return {
    add(request, clock) {
      if (answeredAlone.has(request.method)) return () => undefined;
      open.set(request, clock);
      return () => open.delete(request);
    },
    hold(origin) {
      const clock = clockOf(origin);
      clock?.pause();
      return () => clock?.resume();
    },
  };
}
