import { isObject } from '../../util/isObject';
import type { Backplane } from '../backplane';
import type { ListenPosition } from '../listenStream';
import { listenerKey, nodeKey } from '../sessionRecord';

/** The stored information about the GET stream of a session. */
interface Lease {
  /** The name of the open stream. `undefined` if the stream was closed. */
  readonly stream?: string;
  readonly node?: string;
  /** The position at which the next stream starts, if it does not resume this one. */
  readonly from?: ListenPosition;
}

/**
 * Stores which node has the GET stream of each session. Ensures that a session has only one stream, and that the next
 * stream continues where the last one ended.
 */
export interface StreamLeases {
  /** Marks a stream of a session as open on this node, at a position. */
  acquire(session: string, stream: string, from: ListenPosition): Promise<void>;
  /** Marks a stream as closed at a position. Resolves with `false` if another stream has replaced it. */
  release(session: string, stream: string, from: ListenPosition): Promise<boolean>;
  /** Sets the position at which the next stream of a session starts. */
  restartFrom(session: string, from: ListenPosition): Promise<void>;
  /**
   * Resolves with the node of the latest stream, whether the stream is open, and the position at which the next one
   * starts.
   */
  find(session: string): Promise<{ node?: string; isOpen: boolean; from?: ListenPosition }>;
}

/**
 * Creates the {@link StreamLeases} of a node.
 *
 * @param ttl - how long an entry is kept, in milliseconds. The same as for an unused session.
 */
export function createStreamLeases(backplane: Backplane, node: () => string, ttl: number): StreamLeases {
  const read = async (session: string): Promise<Lease> => {
    const lease = await backplane.get(listenerKey(session));
    return isLease(lease) ? lease : {};
  };
  const write = (session: string, lease: Lease): Promise<void> => backplane.set(listenerKey(session), lease, ttl);

  return {
    // The position is stored, because a client whose stream breaks before the first event reconnects without an event
    // id.
    acquire: (session, stream, from) => write(session, { stream, node: node(), from }),
    async release(session, stream, from) {
      if ((await read(session)).stream !== stream) return false;
      await write(session, { node: node(), from });
      return true;
    },
    restartFrom: (session, from) => write(session, { from }),
    async find(session) {
      const { stream, node: owner, from } = await read(session);
      // The entry of a node that has crashed remains, so the heartbeat of the node is checked as well.
      const isOpen = stream !== undefined && owner !== undefined && (await backplane.alive(nodeKey(owner)));
      return { isOpen, ...(owner !== undefined && { node: owner }), ...(from && { from }) };
    },
  };
}

/** Whether a stored value describes an open stream. */
export function isOpenLease(value: unknown): boolean {
  return isLease(value) && value.stream !== undefined;
}

function isLease(value: unknown): value is Lease {
  return (
    isObject(value) &&
    [value['stream'], value['node']].every((text) => text === undefined || typeof text === 'string') &&
    (value['from'] === undefined || isPosition(value['from']))
  );
}

function isPosition(value: unknown): value is ListenPosition {
  return isObject(value) && typeof value['own'] === 'string' && typeof value['broadcast'] === 'string';
}
