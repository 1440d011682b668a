import { connect, type Socket } from 'node:net';
import { BehaviorSubject, combineLatest, filter, firstValueFrom } from 'rxjs';
import { carry } from './carry';
import type { Conditions } from './conditions';

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
