import type { MCPError } from '../../errors';
import type { Hub } from '../../notification/hub';

const reportedKeys = new WeakMap<object, Set<string>>();

/** Reports an error once per session, across its connections. */
export function warnOnce({ notifications$, report }: Hub, key: string, error: MCPError): void {
  const known = reportedKeys.get(notifications$) ?? new Set();
  reportedKeys.set(notifications$, known);
  if (known.has(key)) return;
  known.add(key);
  report(error);
}
