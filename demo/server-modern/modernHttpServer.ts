import type { Observable } from 'rxjs';

/** A modern server over HTTP in this process. */
export interface ModernHttpServer {
  readonly url: string;
  readonly port: number;
  /** The number of open subscriptions, then each change. */
  readonly subscriptions$: Observable<number>;
  /** Ends the subscriptions gracefully, and closes the server. */
  close(): Promise<void>;
}
