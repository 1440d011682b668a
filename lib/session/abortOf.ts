import { defer, fromEvent, map, of, share, type Observable } from 'rxjs';

const aborts = new WeakMap<AbortSignal, Observable<unknown>>();

/**
 * Emits the reason when the signal aborts, or at once when it has. However many subscribe, the signal has one listener: Node
 * takes more than ten for a leak, and says so.
 */
export function abortOf$(signal: AbortSignal): Observable<unknown> {
  return defer(() => {
    if (signal.aborted) return of(signal.reason);
    const known$ = aborts.get(signal);
    if (known$) return known$;
    const abort$ = fromEvent(signal, 'abort').pipe(
      map((): unknown => signal.reason),
      share({ resetOnRefCountZero: true, resetOnComplete: true, resetOnError: true }),
    );
    aborts.set(signal, abort$);
    return abort$;
  });
}
