import { defer, from, isObservable, type Observable, type ObservableInput, of } from 'rxjs';

/** The members by which RxJS recognizes a source other than an Observable. */
const sourceKeys = ['then', Symbol.iterator, Symbol.asyncIterator, 'getReader'];

/**
 * Runs a function on subscription. Emits the values of the source that the function returns, or the returned value itself. Strings,
 * arrays and other collections are values. Iterators, such as those of generators, are sources.
 */
export function deferValue<T>(project: () => ObservableInput<T> | T): Observable<T> {
  return defer(() => {
    const returned$ = project();
    return isSource(returned$) ? from(returned$) : of(returned$);
  });
}

function isSource<T>(value$: ObservableInput<T> | T): value$ is ObservableInput<T> {
  if (isObservable(value$)) return true;
  if (Array.isArray(value$) || ArrayBuffer.isView(value$) || value$ instanceof Map || value$ instanceof Set)
    return false;
  return typeof value$ === 'object' && value$ !== null && sourceKeys.some((key) => key in value$);
}
