import { noop } from 'rxjs';
import type { Request } from '../../protocol/types';

/** The timeout of a call. Paused while the server waits for a response from this client. */
export interface CallTimeout {
  pause(): void;
  resume(): void;
}

/** Methods that a server handles without sending requests to the client. */
const withoutServerRequests = new Set([
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

/** The pending calls of a session, and the server requests that belong to them. */
export class OpenCalls {
  #open: Map<Request, CallTimeout> | undefined;

  /** Adds a call. Returns a function that removes it. */
  add(request: Request, timeout: CallTimeout): () => void {
    if (withoutServerRequests.has(request.method)) return noop;
    const open = (this.#open ??= new Map());
    open.set(request, timeout);
    return () => open.delete(request);
  }

  /**
   * Pauses the timeout of the call that a server request belongs to. Returns a function that resumes the timeout.
   *
   * @param origin - the request on whose response stream the server request arrived. If unknown, the server request is
   *   assigned to the pending call if there is exactly one, otherwise to none.
   */
  pauseTimeout(origin?: Request): () => void {
    const timeout = this.#timeoutOf(origin);
    timeout?.pause();
    return () => timeout?.resume();
  }

  #timeoutOf(origin: Request | undefined): CallTimeout | undefined {
    const known = origin && this.#open?.get(origin);
    if (known || this.#open?.size !== 1) return known;
    const [only] = this.#open.values();
    return only;
  }
}
