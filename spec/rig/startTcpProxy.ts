import { once, setMaxListeners } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { BehaviorSubject, type Observable } from 'rxjs';
import { type Conditions, type Link, openLink } from './proxy/link';

/** Options of a reset. */
interface ResetOptions {
  /** Only connections whose latest request has this method: `GET` for the event streams. */
  method?: string;
  /** `'client'`: resets only the client's side, and the server keeps its side open until the proxy closes. Default `'both'`. */
  side?: 'client' | 'both';
}

/** A TCP proxy in front of a server, with controls for faults. */
export interface TcpProxy {
  readonly port: number;
  /** Returns the URL of a path behind the proxy. Default `/mcp`. */
  url(path?: string): string;
  /** The number of connections that clients have open, then each change. */
  readonly connections$: Observable<number>;
  readonly connections: number;
  /** The total number of accepted connections, including those that were reset immediately, then each change. */
  readonly accepted$: Observable<number>;
  readonly accepted: number;
  /** Resets connections. Returns their number. */
  reset(options?: ResetOptions): number;
  /**
   * Blocks data on present and new connections, without closing any: `up` from client to server, `down` from server to client,
   * `true` both. The data is delivered afterwards, as by TCP.
   */
  silence(on: boolean | 'up' | 'down'): void;
  /**
   * Cuts off the present connections permanently without closing them. New connections work. Returns the number of connections.
   */
  vanish(): number;
  /** `true`: refuses new connections. `'reset'`: accepts and immediately resets them. Present connections stay open. */
  refuse(on: boolean | 'reset'): Promise<void>;
  /** Delays data in each direction, by a number of milliseconds. */
  delay(ms: number): void;
  /** Limits the bytes per second in each direction of each connection. `null` for no limit. */
  throttle(bytesPerSecond: number | null): void;
  /** Forwards new connections to another port. Present connections stay open. */
  retarget(port: number): void;
  /** Closes everything. Resolves when nothing is left open. */
  close(): Promise<void>;
}

/** Starts a proxy, in this process, in front of a server on a loopback port. */
export async function startTcpProxy({ port: target }: { port: number }): Promise<TcpProxy> {
  let upstream = target;
  const closing = new AbortController();
  // Each held connection adds a listener.
  setMaxListeners(0, closing.signal);
  const conditions: Conditions = {
    silence$: new BehaviorSubject<boolean | 'up' | 'down'>(false),
    delay: 0,
    bytesPerSecond: null,
    closed: closing.signal,
  };
  const links = new Set<Link>();
  const connections$ = new BehaviorSubject(0);
  const accepted$ = new BehaviorSubject(0);
  let resetting = false;

  const listener = createServer({ allowHalfOpen: true }, (client) => {
    accepted$.next(accepted$.value + 1);
    if (resetting) return void client.resetAndDestroy();
    const link = openLink(client, upstream, conditions);
    links.add(link);
    connections$.next(connections$.value + 1);
    client.once('close', () => connections$.next(connections$.value - 1));
    const ends = [client, link.server];
    // One end may close long before the other.
    for (const end of ends) end.once('close', () => ends.every(({ closed }) => closed) && links.delete(link));
  });
  const listen = async (port: number): Promise<void> => {
    listener.listen(port, '127.0.0.1');
    await once(listener, 'listening');
  };
  await listen(0);
  const { port } = listener.address() as AddressInfo;
  const alive = (): Link[] => [...links].filter(({ client }) => !client.destroyed);

  return {
    port,
    url: (path = '/mcp') => `http://127.0.0.1:${port}${path}`,
    connections$: connections$.asObservable(),
    get connections() {
      return connections$.value;
    },
    get accepted() {
      return accepted$.value;
    },
    accepted$: accepted$.asObservable(),
    reset: ({ method, side = 'both' } = {}) => {
      const chosen = alive().filter((link) => method === undefined || link.method === method);
      for (const link of chosen) {
        link.isSplit = true;
        link.client.resetAndDestroy();
        if (side === 'both') link.server.resetAndDestroy();
      }
      return chosen.length;
    },
    silence: (on) => conditions.silence$.next(on),
    vanish: () => {
      const present = alive();
      for (const link of present) link.vanished$.next(true);
      return present.length;
    },
    refuse: async (on) => {
      resetting = on === 'reset';
      if (on === true) listener.close();
      else if (!listener.listening) await listen(port);
    },
    delay: (ms) => void (conditions.delay = ms),
    throttle: (bytesPerSecond) => void (conditions.bytesPerSecond = bytesPerSecond),
    retarget: (port) => void (upstream = port),
    close: async () => {
      closing.abort();
      listener.close();
      const ends = [...links].flatMap(({ client, server }) => [client, server]).filter((socket) => !socket.closed);
      const closed = ends.map((socket) => new Promise((resolve) => socket.once('close', resolve)));
      for (const socket of ends) socket.destroy();
      await Promise.all(closed);
      connections$.complete();
      accepted$.complete();
    },
  };
}
