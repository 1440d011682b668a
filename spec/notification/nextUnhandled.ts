import { config } from 'rxjs';

/** The next error that nobody handles: RxJS reports it later, so that it reaches nobody who happens to be on the stack. */
export function nextUnhandled(): Promise<unknown> {
  return new Promise((resolve) => {
    config.onUnhandledError = (error) => {
      config.onUnhandledError = null;
      resolve(error);
    };
  });
}
