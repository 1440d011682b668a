import { concat, defer, EMPTY, ignoreElements, map, merge, type Observable, takeUntil } from 'rxjs';
import type { DemoEvent } from './demoEvent';
import type { DemoFact } from './demoFact';
import { factsOf } from './factsOf';
import type { Scenario } from './scenario';

/**
 * A scenario from its beginning to its end, as one stream: the session is watched from before it connects, the steps are
 * done, and then, or when it is interrupted, it is disconnected; with that its streams complete, and this one does.
 */
export function eventsOf(scenario: Scenario, interrupted$: Observable<unknown>): Observable<DemoEvent> {
  const { session, steps$, stderr$ = EMPTY } = scenario;
  const connect$ = defer(() => session.connect()).pipe(ignoreElements());
  const disconnect$ = defer(() => session.disconnect()).pipe(ignoreElements());

  return merge(
    factsOf(session),
    stderr$.pipe(map((text): DemoFact => ({ type: 'stderr', text }))),
    concat(concat(connect$, steps$).pipe(takeUntil(interrupted$)), disconnect$),
  ).pipe(map((fact) => ({ at: Date.now(), ...fact })));
}
