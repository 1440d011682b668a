import type { OperatorFunction } from 'rxjs';
import type { Notification } from '../../lib/protocol/types';

/** An operator, and its results for three notifications. */
export interface OperatorUnderTest<R> {
  operator: () => OperatorFunction<Notification, R>;
  /** Two notifications that it emits as `A` and `B`. */
  a: Notification;
  b: Notification;
  /** A notification that it drops. */
  x: Notification;
  A: R;
  B: R;
}
