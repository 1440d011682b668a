import type { SessionStatus } from './sessionStatus';

/** Whether two statuses say the same. */
export function isSameStatus(one: SessionStatus, other: SessionStatus | undefined): boolean {
  const members = new Map<string, unknown>(Object.entries(other ?? {}));
  const entries = Object.entries(one);
  return entries.length === members.size && entries.every(([key, value]) => Object.is(value, members.get(key)));
}
