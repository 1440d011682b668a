import { defer, from, isObservable, type Observable, type ObservableInput, of } from 'rxjs';

/** By what RxJS recognizes a source other than an Observable. */
const sourceKeys = ['then', Symbol.iterator, Symbol.asyncIterator, 'getReader'];

/** Runs a function when subscribed to, and emits what it returns: the values of a source, or the value itself. A string is a value. */
export function deferValue<T>(project: () => ObservableInput<T> | T): Observable<T> {
  return defer(() => {
    const returned$ = project();
    return isSource(returned$) ? from(returned$) : of(returned$);
  });
}

function isSource<T>(value$: ObservableInput<T> | T): value$ is ObservableInput<T> {
  if (isObservable(value$)) return true;
  // Bytes are iterable, but one value.
  if (ArrayBuffer.isView(value$)) return false;
  return typeof value$ === 'object' && value$ !== null && sourceKeys.some((key) => key in value$);
}
