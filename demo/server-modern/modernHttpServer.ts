import type { Observable } from 'rxjs';

/** A modern server that is being served over HTTP in this process. */
export interface ModernHttpServer {
  readonly url: string;
  readonly port: number;
  /** How many subscriptions are open: now, then each change. */
  readonly subscriptions$: Observable<number>;
  /** Ends the subscriptions in good order, and closes. */
  close(): Promise<void>;
}
