import { defer, filter, merge, type Observable, startWith, tap } from 'rxjs';
import type { RequestId } from '../../protocol/types';
import { isObject } from '../../util/isObject';
import { backgroundInterval } from '../backgroundInterval';
import type { ServerSettings } from '../serverOptions';
import type { SessionEnd } from '../serverSession';
import { nodeKey } from '../sessionRecord';
import { heartbeatMs } from './nodeLost';

/** A message between nodes about a session. */
export type NodeMessage = { session: string; node: string } & (
  | { kind: 'cancel'; request: RequestId }
  | { kind: 'end'; reason: SessionEnd }
  | { kind: 'stored' }
  | { kind: 'roots' }
  | { kind: 'listening'; on: boolean }
);

/** A response or progress from a client that another node has received, for a request that this node has sent. */
interface ForwardedAnswer {
  readonly session: string;
  readonly answer: unknown;
}

/** Sends and receives the messages between the nodes of a server. */
export interface NodeMessages {
  /**
   * Messages about sessions, from all nodes. While subscribed, and if there may be other nodes, sends the heartbeat of
   * this node.
   */
  readonly messages$: Observable<NodeMessage>;
  /** Responses and progress for requests of this node that other nodes have received. */
  readonly answers$: Observable<ForwardedAnswer>;
  /** Sends a message to all nodes. Never rejects: errors are reported. */
  publish(message: NodeMessage): Promise<void>;
  /** Sends a response or progress from a client to the node that sent the request. */
  forward(owner: string, session: string, answer: object): Promise<void>;
  /** Ends the heartbeat of this node, so that the other nodes detect its end immediately. */
  leave(): Promise<void>;
}

const channel = 's';

export function createNodeMessages(
  { backplane, isShared, scheduler }: ServerSettings,
  node: () => string,
  onError: (error: unknown) => void,
): NodeMessages {
  const heartbeat$ = defer(() => backgroundInterval(heartbeatMs / 3, scheduler)).pipe(
    startWith(0),
    tap(() => void backplane.set(nodeKey(node()), true, heartbeatMs).catch(onError)),
  );
  const received$ = defer(() => backplane.on$(channel));

  return {
    messages$: (isShared ? merge(received$, heartbeat$) : received$).pipe(filter(isNodeMessage)),
    answers$: defer(() => backplane.on$(nodeKey(node()))).pipe(filter(isForwardedAnswer)),
    async publish(message) {
      if (isShared) await backplane.publish(channel, message).catch(onError);
    },
    forward: (owner, session, answer) => backplane.publish(nodeKey(owner), { session, answer }),
    async leave() {
      if (isShared) await backplane.delete(nodeKey(node())).catch(onError);
    },
  };
}

const kinds = new Set<unknown>(['cancel', 'end', 'stored', 'roots', 'listening']);

function isNodeMessage(message: unknown): message is NodeMessage {
  return isObject(message) && typeof message['session'] === 'string' && kinds.has(message['kind']);
}

function isForwardedAnswer(message: unknown): message is ForwardedAnswer {
  return isObject(message) && typeof message['session'] === 'string';
}
