import { config, ReplaySubject } from 'rxjs';

/** The errors that nobody handles, for the specs of a file: RxJS reports them where a process would end of them. */
export function useUnhandled(): ReplaySubject<unknown> {
  const unhandled$ = new ReplaySubject<unknown>(Infinity);
  // Not taken back: each file has an RxJS of its own, and what is reported late is not to reach the runner.
  config.onUnhandledError = (error) => unhandled$.next(error);
  return unhandled$;
}
