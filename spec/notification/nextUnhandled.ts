import { config } from 'rxjs';

/**
 * Resolves with the next unhandled error. RxJS reports it asynchronously, so that it does not reach unrelated code on the stack.
 */
export function nextUnhandled(): Promise<unknown> {
  return new Promise((resolve) => {
    config.onUnhandledError = (error) => {
      config.onUnhandledError = null;
      resolve(error);
    };
  });
}
