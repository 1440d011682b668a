import { progressOf } from 'rx-mcp';
import { progressSources } from '../harness/progressSources.mjs';
import { timed } from '../harness/timed.mjs';
import { notificationAt } from '../servers/notificationAt.mjs';

/** So many different notifications go round, whatever the number of subscribers: the memory they take is the same. */
const distinct = 10_000;

/** Nanoseconds that a progress notification takes to its subscriber, one of many. */
export function routeProgress({ source, subscribers, n }) {
  const { push, notifications$ } = progressSources[source]();
  let heard = 0;
  for (let index = 0; index < subscribers; index++) {
    notifications$.pipe(progressOf(`token-${index}`)).subscribe(() => heard++);
  }
  const notifications = Array.from({ length: distinct }, (_, index) => notificationAt(index, subscribers));
  const run = (count) => {
    for (let index = 0; index < count; index++) push(notifications[index % distinct]);
  };
  const warmUp = n / 5;
  globalThis.gc();
  run(warmUp);
  const elapsed = timed(() => run(n));
  if (heard !== warmUp + n) throw new Error(`${heard} of ${warmUp + n} were heard`);
  return { value: (elapsed * 1e6) / n };
}
