import { setTimeout } from 'node:timers/promises';
import { MCPServer } from 'rx-mcp/server';
import { redisBackplane } from 'rx-mcp/redis';
import { type RedisServer, startRedis } from '../../../proof/servers/startRedis';
import { type NodeProcess, startNodeProcess } from '../../server/nodes/rig/startNodeProcess';
import { startTcpProxy, type TcpProxy } from '../../rig/startTcpProxy';
import { type RoundRobin, startRoundRobin } from '../../server/nodes/rig/startRoundRobin';
import { type Listener, listenWithOwn, listenWithRaw } from './listeners';

/** Nodes on a Redis, behind a balancer, with listening clients. A separate node that is never ended sends to them. */
export interface NodesStage {
  readonly redis: RedisServer;
  readonly balancer: RoundRobin;
  readonly nodes: NodeProcess[];
  /** The connections of the nodes to Redis, followed by that of the sender. */
  readonly links: readonly TcpProxy[];
  readonly listeners: readonly Listener[];
  readonly sender: MCPServer;
  /** Ends a node and starts a new one in its place. */
  replace(index: number, mode: 'kill' | 'stop'): Promise<void>;
  end(): Promise<void>;
}

/** Options for {@link startNodesStage}. */
export interface StageOptions {
  nodes?: number;
  /** The number of sessions of this library's client. */
  own?: number;
  /** The number of sessions of the SDK's client. */
  raw?: number;
  /** The clock error of each node, in milliseconds. */
  clocks?: readonly number[];
}

/** Starts everything, and connects the clients. */
export async function startNodesStage({
  nodes: count = 3,
  own = 4,
  raw = 4,
  clocks = [],
}: StageOptions = {}): Promise<NodesStage> {
  const redis = await startRedis();
  const links = await Promise.all(Array.from({ length: count + 1 }, () => startTcpProxy(redis)));
  const urlOf = (index: number): string => `redis://127.0.0.1:${links[index]!.port}`;
  const startNode = (index: number): Promise<NodeProcess> => startNodeProcess(urlOf(index), clocks[index]);
  const nodes = await Promise.all(Array.from({ length: count }, (_, index) => startNode(index)));
  const balancer = await startRoundRobin(nodes.map(({ port }) => port));
  const sender = new MCPServer(
    { name: 'sender', version: '1.0.0' },
    { backplane: redisBackplane({ url: urlOf(count) }, { events: 10_000 }) },
  );
  sender.errors$.subscribe();
  const listeners = await Promise.all([
    ...Array.from({ length: own }, () => listenWithOwn(balancer.url)),
    ...Array.from({ length: raw }, () => listenWithRaw(balancer.url)),
  ]);
  return {
    redis,
    balancer,
    nodes,
    links,
    listeners,
    sender,
    async replace(index, mode) {
      const old = nodes[index]!;
      if (mode === 'kill') await old.kill();
      // In a rolling deploy, the new node runs before the old one is ended.
      const next = await startNode(index);
      nodes[index] = next;
      balancer.ports = nodes.map(({ port }) => port);
      if (mode === 'stop') await old.stop();
    },
    async end() {
      await Promise.all(listeners.map((listener) => listener.end()));
      await balancer.close();
      await sender.close();
      await Promise.all(nodes.map((node) => node.kill()));
      await Promise.all(links.map((link) => link.close()));
      await redis.kill();
    },
  };
}

/** Sends numbers to each client and to all clients, until it is stopped. */
export function startSending({ sender, listeners }: NodesStage, periodMs: number) {
  let isOver = false;
  let failed = 0;
  const sentAt: { own: number[]; all: number[] } = { own: [], all: [] };

  async function send(): Promise<void> {
    for (let n = 1; !isOver; n++) {
      const isSent = await Promise.all([
        sender.notify('custom/all', { n }),
        ...listeners.map(({ id }) => sender.notify('custom/own', { n }, { session: id })),
      ]).then(
        () => true,
        () => false,
      );
      // A number that the store rejected may be in some logs, so it is not counted.
      if (isSent) sentAt.own[n] = sentAt.all[n] = Date.now();
      else failed++;
      last = n;
      await setTimeout(periodMs);
    }
  }

  let last = 0;
  const sending = send();
  return {
    sentAt: (kind: 'own' | 'all') => (n: number) => sentAt[kind][n],
    get last() {
      return last;
    },
    get failed() {
      return failed;
    },
    async stop() {
      isOver = true;
      await sending;
    },
  };
}
