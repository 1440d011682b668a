import type { BehaviorSubject } from 'rxjs';

/** The state of the network, for all connections. */
export interface Conditions {
  /** Both directions, or the one that can not be heard. */
  readonly silence$: BehaviorSubject<boolean | 'up' | 'down'>;
  /** Milliseconds. */
  delay: number;
  bytesPerSecond: number | null;
  /** Aborted when the proxy closes: nobody waits any longer. */
  readonly closed: AbortSignal;
}
