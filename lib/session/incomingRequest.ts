import type { Request, Result } from '../protocol/types';

/** A request of the server that waits for somebody to answer it. The first to respond or reject settles it. */
export interface IncomingRequest {
  /** What is asked: `method` and `params`, as they came. */
  readonly request: Request;
  /** Aborts when there is nobody to answer any more: the server cancelled, or the connection ended. */
  readonly cancelled: AbortSignal;
  /** Answers it. */
  respond(result: Result): void;
  /** Refuses it: a `ServerError` with its code and data, anything else as an internal error. */
  reject(error: Error): void;
}
