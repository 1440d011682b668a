import { invalidParams } from '../notification/params';
import type { Progress } from '../notification/progressOf';

/** Looks at the progress of one call, and tells once when it does not grow as the protocol says it must. */
export function growing(report: (error: Error) => void): (progress: Progress) => void {
  let last = -Infinity;
  let told = false;
  return (params) => {
    if (params.progress <= last && !told) {
      told = true;
      const issue = { message: `expected more than ${String(last)}`, path: ['progress'] };
      report(invalidParams({ method: 'notifications/progress', params }, [issue]));
    }
    last = params.progress;
  };
}
