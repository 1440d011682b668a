import {
  connect,
  endWith,
  ignoreElements,
  merge,
  type MonoTypeOperatorFunction,
  type Observable,
  takeUntil,
} from 'rxjs';

/** Runs another stream beside the source, for as long as that goes on. */
export function beside<T>(other$: Observable<T>): MonoTypeOperatorFunction<T> {
  return connect((source$) => merge(other$.pipe(takeUntil(source$.pipe(ignoreElements(), endWith(true)))), source$));
}
