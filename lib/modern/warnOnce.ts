import type { Hub } from '../notification/hub';

const told = new WeakMap<object, Set<string>>();

/** Reports an error once in the life of a session, however many connections it has. */
export function warnOnce({ notifications$, report }: Hub, what: string, error: Error): void {
  const known = told.get(notifications$) ?? new Set();
  told.set(notifications$, known);
  if (known.has(what)) return;
  known.add(what);
  report(error);
}
