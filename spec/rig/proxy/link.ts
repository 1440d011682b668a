import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { setTimeout } from 'node:timers/promises';
import { BehaviorSubject, combineLatest, filter, firstValueFrom } from 'rxjs';

/** A connection of a client, and the connection to the server that belongs to it. */
export interface Link {
  readonly client: Socket;
  readonly server: Socket;
  /** The method of the latest HTTP request. */
  method: string;
  /** Whether the end of one connection no longer ends the other. */
  isSplit: boolean;
  /** Whether the link is cut off permanently. */
  readonly vanished$: BehaviorSubject<boolean>;
}

/** Connects a client's socket to a server's port. */
export function openLink(client: Socket, port: number, conditions: Conditions): Link {
  const server = connect({ port, host: '127.0.0.1', allowHalfOpen: true });
  const link: Link = { client, server, method: '', isSplit: false, vanished$: new BehaviorSubject(false) };

  const whenAudible = (direction: 'up' | 'down') => (): Promise<unknown> =>
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
      if (!link.isSplit) to.resetAndDestroy();
    }
  };
  // The readers of the sockets handle errors.
  for (const socket of [client, server]) socket.on('error', () => {});
  const onBytes = (bytes: Buffer): void => {
    link.method = /^([A-Z]+) \S+ HTTP\//.exec(bytes.toString('latin1'))?.[1] ?? link.method;
  };
  void finish(carry(client, server, { conditions, whenAudible: whenAudible('up'), onBytes }), server);
  void finish(carry(server, client, { conditions, whenAudible: whenAudible('down') }), client);
  return link;
}

/** Conditions for one direction of a connection. */
interface CarryOptions {
  readonly conditions: Conditions;
  /** Resolves when data may pass to the other end. */
  readonly whenAudible: () => Promise<unknown>;
  readonly onBytes?: (bytes: Buffer) => void;
}

/** Carries bytes from one socket to the other until the first one ends. Throws if it breaks. */
async function carry(from: Socket, to: Socket, { conditions, whenAudible, onBytes }: CarryOptions): Promise<void> {
  const { closed: signal } = conditions;
  try {
    // A socket that has ended its output may still receive.
    for await (const chunk of from.iterator({ destroyOnReturn: false })) {
      let bytes: Buffer = chunk;
      onBytes?.(bytes);
      if (conditions.delay > 0) await setTimeout(conditions.delay, undefined, { signal });
      while (bytes.length > 0) {
        const { bytesPerSecond } = conditions;
        // Ten times per second, so that a slow line delivers continuously and not in bursts.
        const size = bytesPerSecond === null ? bytes.length : Math.max(1, Math.floor(bytesPerSecond / 10));
        await whenAudible();
        if (!to.write(bytes.subarray(0, size)) && !to.destroyed) {
          await Promise.race([once(to, 'drain'), once(to, 'close')]);
        }
        if (bytesPerSecond !== null) await setTimeout((1000 * size) / bytesPerSecond, undefined, { signal });
        bytes = bytes.subarray(size);
      }
    }
  } finally {
    // The end of a connection does not overtake its bytes.
    await whenAudible();
  }
}

/** The state of the network, for all connections. */
export interface Conditions {
  /** Whether both directions are silent, or only one. */
  readonly silence$: BehaviorSubject<boolean | 'up' | 'down'>;
  /** The delay in milliseconds. */
  delay: number;
  bytesPerSecond: number | null;
  /** Aborts when the proxy closes, which ends all waiting. */
  readonly closed: AbortSignal;
}
