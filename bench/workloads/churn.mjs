import { progressOf } from 'rx-mcp';
import { progressSources } from '../harness/progressSources.mjs';
import { timed } from '../harness/timed.mjs';

const progress = (progressToken, value) => ({
  method: 'notifications/progress',
  params: { progressToken, progress: value },
});

/** Microseconds to subscribe to a token, hear three notifications and unsubscribe, while `others` subscribers are there. */
export function churn({ source, others, reuse, n }) {
  const { push, notifications$ } = progressSources[source]();
  for (let index = 0; index < others; index++) {
    notifications$.pipe(progressOf(`other-${index}`)).subscribe();
  }
  let heard = 0;
  let tokens = 0;
  const run = (count) => {
    for (let index = 0; index < count; index++) {
      const token = reuse ? 'token' : `token-${tokens++}`;
      const subscription = notifications$.pipe(progressOf(token)).subscribe(() => heard++);
      for (let step = 1; step <= 3; step++) push(progress(token, step));
      subscription.unsubscribe();
    }
  };
  const warmUp = n / 5;
  globalThis.gc();
  run(warmUp);
  const elapsed = timed(() => run(n));
  if (heard !== 3 * (warmUp + n)) throw new Error(`${heard} of ${3 * (warmUp + n)} were heard`);
  return { value: (elapsed * 1e3) / n };
}
