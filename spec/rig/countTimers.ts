import { type SchedulerAction, type SchedulerLike, Subscription } from 'rxjs';

/** A scheduler in real time that shows what is scheduled. Without pending work, nothing more happens on its own. */
export interface CountedTimers {
  scheduler: SchedulerLike;
  /** The number of scheduled tasks that have neither run nor been cancelled. */
  readonly pending: number;
}

/** Creates a scheduler to pass to a session or a policy. */
export function countTimers(): CountedTimers {
  const timers = new Set<NodeJS.Timeout>();
  const scheduler: SchedulerLike = {
    now: Date.now,
    schedule<T>(work: (this: SchedulerAction<T>, state?: T) => void, delay?: number, state?: T): Subscription {
      let timer: NodeJS.Timeout | undefined;
      const cancel = (): void => {
        clearTimeout(timer);
        if (timer) timers.delete(timer);
      };
      const action: SchedulerAction<T> = Object.assign(new Subscription(cancel), {
        schedule(next?: T, ms = 0): Subscription {
          cancel();
          timer = setTimeout(() => {
            cancel();
            work.call(action, next);
          }, ms);
          timers.add(timer);
          return action;
        },
      });
      return action.schedule(state, delay);
    },
  };
  return {
    scheduler,
    get pending() {
      return timers.size;
    },
  };
}
