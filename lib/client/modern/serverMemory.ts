import type { MCPError } from '../../errors';
import type { Hub } from '../../notification/hub';

/** The observations of a session's server that are kept between connections. */
export class ServerMemory {
  /** Whether the session has had a 2026-07-28 connection. */
  wasConnected = false;
  /** Whether the server has accepted a subscription. */
  hadSubscription = false;
  readonly #reported = new Set<string>();

  /** Reports an error, unless an error with the same key has been reported before. */
  reportOnce(key: string, error: MCPError, { report }: Hub): void {
    if (this.#reported.has(key)) return;
    this.#reported.add(key);
    report(error);
  }
}

const memories = new WeakMap<object, ServerMemory>();

/** Returns the memory of the session that a hub belongs to. */
export function memoryOf({ notifications$ }: Hub): ServerMemory {
  const memory = memories.get(notifications$) ?? new ServerMemory();
  memories.set(notifications$, memory);
  return memory;
}
