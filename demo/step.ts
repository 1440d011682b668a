import { concat, defer, ignoreElements, type Observable, type ObservableInput, of, timer } from 'rxjs';
import type { DemoFact } from './demoFact';

/** Milliseconds for people to read what happened. */
const pause = 1_250;

/** Says what is about to happen, has it happen, and gives people the time to see it. */
export function step(text: string, act: () => ObservableInput<DemoFact>): Observable<DemoFact> {
  return concat(of<DemoFact>({ type: 'step', text }), defer(act), timer(pause).pipe(ignoreElements()));
}
