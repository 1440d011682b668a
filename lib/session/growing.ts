import { defer, tap, type MonoTypeOperatorFunction } from 'rxjs';
import { invalidParams } from '../notification/invalidParams';
import type { Progress } from '../notification/progressOf';

/** Tells, once, that progress does not grow as the protocol says it must; it is passed on as it came. */
export function growing(report: (error: Error) => void): MonoTypeOperatorFunction<Progress> {
  return (progress$) =>
    defer(() => {
      let last = -Infinity;
      let told = false;
      return progress$.pipe(
        tap((params) => {
          if (params.progress <= last && !told) {
            told = true;
            const issue = { message: `expected more than ${String(last)}`, path: ['progress'] };
            report(invalidParams({ method: 'notifications/progress', params }, [issue]));
          }
          last = params.progress;
        }),
      );
    });
}
