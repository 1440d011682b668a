import { once, setMaxListeners } from 'node:events';
import type { FaultEvent } from './faultEvent';

/** Places where requests wait to be let through. */
export interface Gates {
  hold(name: string): void;
  release(name: string): void;
  /** Resolves when nothing holds this name, or rejects when the request is given up. */
  pass(name: string, signal: AbortSignal): Promise<void>;
  /** Waits for the next release, whether the name is held or not. */
  wait(name: string, signal: AbortSignal): Promise<void>;
}

/** Gates that tell as an event whom they hold. */
export function createGates(emit: (event: FaultEvent) => void): Gates {
  const held = new Set<string>();
  const released = new EventTarget();
  setMaxListeners(0, released);

  async function wait(name: string, signal: AbortSignal): Promise<void> {
    const release = once(released, name, { signal });
    emit({ type: 'held', name });
    await release;
  }
  return {
    hold: (name) => void held.add(name),
    release: (name) => {
      held.delete(name);
      released.dispatchEvent(new Event(name));
    },
    pass: async (name, signal) => {
      if (held.has(name)) await wait(name, signal);
    },
    wait,
  };
}
