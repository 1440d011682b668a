import { defer, isObservable, type Observable, type ObservableInput } from 'rxjs';

/** The members by which RxJS recognizes an `ObservableInput` that is not an Observable. */
const sourceKeys = ['then', Symbol.iterator, Symbol.asyncIterator, 'getReader'];

/**
 * Calls a function on subscription. If the function returns an Observable, a promise, an iterator (such as a generator)
 * or a `ReadableStream`, emits its values. Emits any other return value as is, including strings, arrays, Maps and
 * Sets.
 */
export function deferValue<T>(project: () => ObservableInput<T> | T): Observable<T> {
  return defer(() => {
    const returned$ = project();
    return isSource(returned$) ? returned$ : [returned$];
  });
}

function isSource<T>(value$: ObservableInput<T> | T): value$ is ObservableInput<T> {
  if (isObservable(value$)) return true;
  if (Array.isArray(value$) || ArrayBuffer.isView(value$) || value$ instanceof Map || value$ instanceof Set)
    return false;
  return typeof value$ === 'object' && value$ !== null && sourceKeys.some((key) => key in value$);
}
