import { defer, Observable, type ObservableInput, type OperatorFunction } from 'rxjs';

/** RxJS's `catchError` for errors before the first value. Later errors pass through. */
export function catchBeforeFirst<T, R>(selector$: (error: unknown) => ObservableInput<R>): OperatorFunction<T, T | R> {
  return (source$) =>
    new Observable((subscriber) => {
      let hasBegun = false;

      function recover(error: unknown): void {
        defer(() => selector$(error)).subscribe(subscriber);
      }

      subscriber.add(
        source$.subscribe({
          next: (value) => {
            hasBegun = true;
            subscriber.next(value);
          },
          error: (error: unknown) => {
            if (hasBegun) subscriber.error(error);
            else recover(error);
          },
          complete: () => {
            subscriber.complete();
          },
        }),
      );
    });
}
