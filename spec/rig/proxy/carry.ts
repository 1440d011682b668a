import { once } from 'node:events';
import type { Socket } from 'node:net';
import { setTimeout } from 'node:timers/promises';
import type { Conditions } from './conditions';

/** What a direction of a connection is subject to. */
interface CarryOptions {
  readonly conditions: Conditions;
  /** Resolves when something can be heard at the other end. */
  readonly audible: () => Promise<unknown>;
  readonly onBytes?: (bytes: Buffer) => void;
}

/** Carries bytes from one socket to the other until the first one ends; throws when it breaks. */
export async function carry(from: Socket, to: Socket, { conditions, audible, onBytes }: CarryOptions): Promise<void> {
  const { closed: signal } = conditions;
  try {
    // A socket that has said its last may still listen.
    for await (const chunk of from.iterator({ destroyOnReturn: false })) {
      let bytes: Buffer = chunk;
      onBytes?.(bytes);
      if (conditions.delay > 0) await setTimeout(conditions.delay, undefined, { signal });
      while (bytes.length > 0) {
        const { bytesPerSecond } = conditions;
        // Ten times a second, so that a slow line trickles and does not burst.
        const size = bytesPerSecond === null ? bytes.length : Math.max(1, Math.floor(bytesPerSecond / 10));
        await audible();
        if (!to.write(bytes.subarray(0, size)) && !to.destroyed) {
          await Promise.race([once(to, 'drain'), once(to, 'close')]);
        }
        if (bytesPerSecond !== null) await setTimeout((1000 * size) / bytesPerSecond, undefined, { signal });
        bytes = bytes.subarray(size);
      }
    }
  } finally {
    // The end of a connection is not heard sooner than its bytes.
    await audible();
  }
}
