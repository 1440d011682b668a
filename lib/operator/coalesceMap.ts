import { concatMap, defer, finalize, from, Subject, throttle, type ObservableInput, type OperatorFunction } from 'rxjs';

/**
 * Runs `project` for a value at once, or as soon as the one before is done; of what comes meanwhile only the latest counts.
 * However many values come in a burst, `project` runs for the first and for the last.
 *
 * ```text
 * source  --a-b-c-d--------e--
 * project --[aaaaa][ddd]---[e]
 * ```
 */
export function coalesceMap<T, R>(project: (value: T) => ObservableInput<R>): OperatorFunction<T, R> {
  return (source$) =>
    defer(() => {
      const done$ = new Subject<void>();
      return source$.pipe(
        throttle(() => done$, { leading: true, trailing: true }),
        concatMap((value) =>
          from(project(value)).pipe(
            finalize(() => {
              done$.next();
            }),
          ),
        ),
      );
    });
}
