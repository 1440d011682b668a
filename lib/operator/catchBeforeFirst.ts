import { defer, Observable, type ObservableInput, type Observer, type OperatorFunction, type Subscriber } from 'rxjs';

/** RxJS's `catchError` for errors before the first value. Later errors pass through. */
export function catchBeforeFirst<T, R>(selector$: (error: unknown) => ObservableInput<R>): OperatorFunction<T, T | R> {
  return (source$) =>
    new Observable((subscriber) => {
      subscriber.add(source$.subscribe(new BeforeFirst(subscriber, selector$)));
    });
}

/** A class, because it lives as long as a connection. */
class BeforeFirst<T, R> implements Observer<T> {
  readonly #subscriber: Subscriber<T | R>;
  readonly #selector$: (error: unknown) => ObservableInput<R>;
  #hasBegun = false;

  constructor(subscriber: Subscriber<T | R>, selector$: (error: unknown) => ObservableInput<R>) {
    this.#subscriber = subscriber;
    this.#selector$ = selector$;
  }

  next(value: T): void {
    this.#hasBegun = true;
    this.#subscriber.next(value);
  }

  error(error: unknown): void {
    if (this.#hasBegun) this.#subscriber.error(error);
    else defer(() => this.#selector$(error)).subscribe(this.#subscriber);
  }

  complete(): void {
    this.#subscriber.complete();
  }
}
