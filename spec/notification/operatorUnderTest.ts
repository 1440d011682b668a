import type { OperatorFunction } from 'rxjs';
import type { Notification } from '../../lib/protocol/types';

/** An operator, and what it does to three notifications. */
export interface OperatorUnderTest<R> {
  operator: () => OperatorFunction<Notification, R>;
  /** Two that it lets through, as `A` and `B`. */
  a: Notification;
  b: Notification;
  /** One that it does not. */
  x: Notification;
  A: R;
  B: R;
}
