import type { Request } from '../../protocol/types';

/** The timeout of one call. Paused while the server waits for a response from this client. */
export interface CallClock {
  pause(): void;
  resume(): void;
}

/** The pending calls of a session, and the server requests that belong to them. */
export interface OpenCalls {
  /** Adds a call. Returns a function that removes it. */
  add(request: Request, clock: CallClock): () => void;
  /**
   * Pauses the timeout of the call that a server request belongs to. Returns a function that resumes it.
   *
   * @param origin - the request on whose response stream the server request arrived, if the wire knows it. Otherwise, the server
   * request is assigned to the only pending call. If several calls are pending, it is assigned to none.
   */
  hold(origin?: Request): () => void;
}

/** Requests that a server answers without asking the client, so no server request belongs to them. */
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
  let open: Map<Request, CallClock> | undefined;

  function clockOf(origin: Request | undefined): CallClock | undefined {
    const known = origin && open?.get(origin);
    if (known || open?.size !== 1) return known;
    const [only] = open.values();
    return only;
  }

  return {
    add(request, clock) {
      if (answeredAlone.has(request.method)) return () => undefined;
      open ??= new Map();
      open.set(request, clock);
      return () => open?.delete(request);
    },
    hold(origin) {
      const clock = clockOf(origin);
      clock?.pause();
      return () => clock?.resume();
    },
  };
}
