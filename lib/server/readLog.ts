import type { Backplane, LogEntry } from './backplane';

/**
 * Returns the entries after a position, like {@link Backplane.range}, but also returns `undefined` after `'0'` if the first
 * entries of the log were trimmed.
 */
export async function readLog(
  backplane: Backplane,
  log: string,
  after: string,
  count: number,
): Promise<readonly LogEntry[] | undefined> {
  const entries = await backplane.range(log, after, count);
  const previous = entries?.[0]?.previous ?? after;
  return previous === after ? entries : undefined;
}

/** Returns the position before the oldest entry that a log still has. */
export async function startOfLog(backplane: Backplane, log: string): Promise<string> {
  const [oldest] = (await backplane.range(log, '0', 1)) ?? [];
  return oldest ? (oldest.previous ?? '0') : backplane.last(log);
}
