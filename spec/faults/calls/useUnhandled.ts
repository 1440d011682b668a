import { config, ReplaySubject } from 'rxjs';

/** Collects unhandled errors for the specs of a file. RxJS reports errors here that would end a process. */
export function useUnhandled(): ReplaySubject<unknown> {
  const unhandled$ = new ReplaySubject<unknown>(Infinity);
  // Not reset, because each file has its own RxJS, and errors that are reported late must not reach the test runner.
  config.onUnhandledError = (error) => unhandled$.next(error);
  return unhandled$;
}
