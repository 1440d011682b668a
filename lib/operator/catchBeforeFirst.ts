import { defer, Observable, type ObservableInput, type Observer, type OperatorFunction, type Subscriber } from 'rxjs';

/** Catches errors before the first value, like RxJS's `catchError`. Later errors are not caught. */
export function catchBeforeFirst<T, R>(selector$: (error: unknown) => ObservableInput<R>): OperatorFunction<T, T | R> {
  return (source$) =>
    new Observable((subscriber) => {
      subscriber.add(source$.subscribe(new BeforeFirst(subscriber, selector$)));
    });
}

/** A class instead of closures, to save memory: one is kept for each open connection. */
class BeforeFirst<T, R> implements Observer<T> {
  readonly #subscriber: Subscriber<T | R>;
  #selector$: ((error: unknown) => ObservableInput<R>) | undefined;

  constructor(subscriber: Subscriber<T | R>, selector$: (error: unknown) => ObservableInput<R>) {
    this.#subscriber = subscriber;
    this.#selector$ = selector$;
  }

  next(value: T): void {
    this.#selector$ = undefined;
    this.#subscriber.next(value);
  }

  error(error: unknown): void {
    const selector$ = this.#selector$;
    if (selector$) defer(() => selector$(error)).subscribe(this.#subscriber);
    else this.#subscriber.error(error);
  }

  complete(): void {
    this.#subscriber.complete();
  }
}
