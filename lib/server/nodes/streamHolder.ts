import { isObject } from '../../util/isObject';
import type { Backplane } from '../backplane';
import type { ListenPosition } from '../listenReader';
import { listenerKey, nodeKey } from '../sessionRecord';

/** Where the GET stream of a session is, as all nodes know it. */
interface Held {
  /** The stream that holds the session: a node and a number; undefined once it was closed. */
  readonly stream?: string;
  readonly node?: string;
  /** Where the next stream begins, if it does not resume this one. */
  readonly from?: ListenPosition;
}

/** Keeps which node holds the GET stream of each session, so that a session has one, and continues where it ended. */
export interface StreamHolder {
  /** Marks a stream of a session as open at this node, and at a position. */
  hold(session: string, stream: string, from: ListenPosition): Promise<void>;
  /** Marks a stream as closed at a position. Resolves with false when another stream has taken over. */
  release(session: string, stream: string, from: ListenPosition): Promise<boolean>;
  /** Sets where the next stream of a session begins. */
  restartFrom(session: string, from: ListenPosition): Promise<void>;
  /** Returns the node that held the latest stream, whether that stream is open, and where the next one begins. */
  find(session: string): Promise<{ node?: string; isOpen: boolean; from?: ListenPosition }>;
}

/** Creates the holder of a node. `ttl`: ms that an entry is kept, as long as a session without use. */
export function createStreamHolder(backplane: Backplane, node: () => string, ttl: number): StreamHolder {
  const read = async (session: string): Promise<Held> => {
    const held = await backplane.get(listenerKey(session));
    return isHeld(held) ? held : {};
  };
  const write = (session: string, held: Held): Promise<void> => backplane.set(listenerKey(session), held, ttl);

  return {
    // A client whose stream breaks before its first event comes back without a position.
    hold: (session, stream, from) => write(session, { stream, node: node(), from }),
    async release(session, stream, from) {
      if ((await read(session)).stream !== stream) return false;
      await write(session, { node: node(), from });
      return true;
    },
    restartFrom: (session, from) => write(session, { from }),
    async find(session) {
      const { stream, node: holder, from } = await read(session);
      // A node that died has left its entry.
      const isOpen = stream !== undefined && holder !== undefined && (await backplane.alive(nodeKey(holder)));
      return { isOpen, ...(holder !== undefined && { node: holder }), ...(from && { from }) };
    },
  };
}

/** Whether a stored value says that a stream is open. */
export function isHeldOpen(value: unknown): boolean {
  return isHeld(value) && value.stream !== undefined;
}

function isHeld(value: unknown): value is Held {
  return (
    isObject(value) &&
    [value['stream'], value['node']].every((text) => text === undefined || typeof text === 'string') &&
    (value['from'] === undefined || isPosition(value['from']))
  );
}

function isPosition(value: unknown): value is ListenPosition {
  return isObject(value) && typeof value['own'] === 'string' && typeof value['broadcast'] === 'string';
}
