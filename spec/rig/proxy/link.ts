import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { setTimeout } from 'node:timers/promises';
import { BehaviorSubject, combineLatest, filter, firstValueFrom } from 'rxjs';

/** A client's connection and the server's that belongs to it. */
export interface Link {
  readonly client: Socket;
  readonly server: Socket;
  /** Of the latest HTTP request. */
  method: string;
  /** What happens at one end is no longer told at the other. */
  parted: boolean;
  /** Whether it is cut off for good. */
  readonly vanished$: BehaviorSubject<boolean>;
}

/** Connects a client's socket to a server's port. */
export function openLink(client: Socket, port: number, conditions: Conditions): Link {
  const server = connect({ port, host: '127.0.0.1', allowHalfOpen: true });
  const link: Link = { client, server, method: '', parted: false, vanished$: new BehaviorSubject(false) };

  const audible = (direction: 'up' | 'down') => (): Promise<unknown> =>
    firstValueFrom(
      combineLatest([conditions.silence$, link.vanished$]).pipe(
        filter(([silence, vanished]) => !vanished && silence !== true && silence !== direction),
      ),
    );
  const finish = async (carried: Promise<void>, to: Socket): Promise<void> => {
    try {
      await carried;
      to.end();
    } catch {
      if (!link.parted) to.resetAndDestroy();
    }
  };
  // Whoever reads a socket sees its errors, too.
  for (const socket of [client, server]) socket.on('error', () => {});
  const onBytes = (bytes: Buffer): void => {
    link.method = /^([A-Z]+) \S+ HTTP\//.exec(bytes.toString('latin1'))?.[1] ?? link.method;
  };
  void finish(carry(client, server, { conditions, audible: audible('up'), onBytes }), server);
  void finish(carry(server, client, { conditions, audible: audible('down') }), client);
  return link;
}

/** What a direction of a connection is subject to. */
interface CarryOptions {
  readonly conditions: Conditions;
  /** Resolves when something can be heard at the other end. */
  readonly audible: () => Promise<unknown>;
  readonly onBytes?: (bytes: Buffer) => void;
}

/** Carries bytes from one socket to the other until the first one ends; throws when it breaks. */
async function carry(from: Socket, to: Socket, { conditions, audible, onBytes }: CarryOptions): Promise<void> {
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

/** The state of the network, for all connections. */
export interface Conditions {
  /** Both directions, or the one that can not be heard. */
  readonly silence$: BehaviorSubject<boolean | 'up' | 'down'>;
  /** Milliseconds. */
  delay: number;
  bytesPerSecond: number | null;
  /** Aborted when the proxy closes: nobody waits any longer. */
  readonly closed: AbortSignal;
}
