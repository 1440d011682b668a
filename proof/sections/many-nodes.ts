import assert from 'node:assert/strict';
import { setTimeout } from 'node:timers/promises';
import { createRandom } from '../../spec/soak/createRandom';
import type { NodesStage } from '../../spec/soak/nodes/nodesStage';
import { runNodes } from '../../spec/soak/nodes/runNodes';
import { startTcpProxy } from '../../spec/rig/startTcpProxy';
import { isQuick } from '../harness/environment';
import { assertReported, assertWhole, nodeCase, outageCase, whenBackplane } from '../harness/nodeCase';
import type { ProofCase } from '../harness/proofCase';
import { runCases } from '../harness/runCases';
import { installedRedis, startRedis } from '../servers/startRedis';

// Several nodes of one server behind a balancer that sends each request to the next node, on a real Redis, while nodes and
// Redis fail.
const kills = isQuick ? 10 : 200;

/** Ends each node in turn, and starts a new one in its place. */
const replaceEach = (how: 'kill' | 'stop') => async (stage: NodesStage) => {
  for (const index of stage.nodes.keys()) {
    await setTimeout(1_000);
    await stage.replace(index, how);
  }
};

/** Returns the node with the highest count. */
function busiest({ nodes }: NodesStage, what: 'listening' | 'running'): number {
  const counts = nodes.map(({ report }) => report.status[what]);
  return counts.indexOf(Math.max(...counts));
}

/** Replicas that nodes still use when their case ends. */
const replicas: { kill(): Promise<void> }[] = [];

const cases: readonly ProofCase[] = [
  nodeCase({
    name: `${kills} kills (-9) of a node at random: nothing lost or duplicated, no gap, with this client and with the SDK's`,
    seconds: 60 + 6 * kills,
    check: assertWhole,
    async injectFaults(stage) {
      const random = createRandom(1);
      for (let kill = 0; kill < kills; kill++) {
        await setTimeout(100 + random() * 400);
        await stage.replace(Math.floor(random() * stage.nodes.length), 'kill');
      }
    },
  }),
  nodeCase({
    name: 'the node with the streams and the node with the calls are killed, ten times each',
    seconds: 180,
    slow: true,
    check: assertWhole,
    own: 1,
    raw: 1,
    async injectFaults(stage) {
      for (let kill = 0; kill < 20; kill++) {
        await setTimeout(700);
        await stage.replace(busiest(stage, kill % 2 ? 'listening' : 'running'), 'kill');
      }
    },
  }),
  {
    name: 'a call whose node is killed ends with a typed error, with both clients',
    seconds: 60,
    alone: true,
    async run() {
      let since = 0;
      const ended: number[] = [];
      const report = await runNodes({
        own: 1,
        raw: 1,
        calls: false,
        async injectFaults(stage) {
          // Each call runs on a different node.
          const [own, raw, spare] = [0, 1, 2];
          const calls = stage.listeners.map(async (listener, index) => {
            stage.balancer.route = () => [own, raw][index];
            const call = listener.call(600, 100);
            await setTimeout(1_000);
            await call;
            ended.push(Math.round(performance.now() - since));
          });
          await setTimeout(1_500);
          stage.balancer.route = () => spare;
          since = performance.now();
          await Promise.all(stage.nodes.slice(0, 2).map((node) => node.kill()));
          await Promise.all(calls);
          stage.balancer.route = undefined;
          await stage.replace(own, 'kill');
          await stage.replace(raw, 'kill');
        },
      });
      assert.deepEqual([report.own.calls.nodeLost, report.raw.calls.nodeLost], [1, 1]);
      assert.ok(Math.max(...ended) < 8_000, `ended after ${ended.join(' and ')} ms`);
      return `ended after ${ended.join(' and ')} ms`;
    },
  },
  {
    name: 'notifications sent at one node arrive at a client of another node: latency and rate',
    seconds: 120,
    alone: true,
    async run() {
      const times: number[] = [];
      let rate = 0;
      const report = await runNodes({
        own: 1,
        raw: 0,
        calls: false,
        periodMs: 1_000,
        async injectFaults({ listeners: [listener], sender }) {
          assert.ok(listener);
          for (let n = 0; n < 300; n++) {
            const since = performance.now();
            const arrived = listener.next('custom/probe');
            await sender.notify('custom/probe', { n }, { session: listener.id });
            await arrived;
            times.push(performance.now() - since);
          }
          const count = 10_000;
          const since = performance.now();
          const arrived = listener.next('custom/probe', count);
          for (let n = 0; n < count; n++) void sender.notify('custom/probe', { n }, { session: listener.id });
          await arrived;
          rate = Math.round((count / (performance.now() - since)) * 1_000);
        },
      });
      assertWhole(report);
      const median = times.sort((a, b) => a - b)[150] ?? Infinity;
      return `median ${median.toFixed(1)} ms, ${rate} a second for one session`;
    },
  },
  nodeCase({
    name: 'a rolling deploy of all nodes: nothing lost or duplicated',
    seconds: 90,
    check: assertWhole,
    injectFaults: replaceEach('stop'),
  }),
  nodeCase({
    name: 'clocks an hour apart: nothing lost or duplicated when a node is killed',
    seconds: 90,
    slow: true,
    check: assertWhole,
    clocks: [-3_600_000, 0, 3_600_000],
    injectFaults: replaceEach('kill'),
  }),
  outageCase({
    name: 'Redis paused for 8 s: no process ends, and nothing is lost or duplicated',
    check: assertWhole,
    async outage({ redis }) {
      redis.pause();
      await setTimeout(8_000);
      redis.resume();
    },
  }),
  outageCase({
    name: 'Redis killed and restarted without data: no process ends, and all losses are within a gap',
    check: assertReported,
    async outage({ redis, nodes }) {
      await redis.kill();
      await whenBackplane('down', nodes);
      await setTimeout(1_000);
      await redis.start();
      await whenBackplane('up', nodes);
    },
  }),
  outageCase({
    name: 'Redis failed over to a replica: no process ends, and all losses are within a gap',
    check: assertReported,
    async outage({ redis, links }) {
      const replication = await startTcpProxy(redis);
      const replica = await startRedis(['--replicaof', '127.0.0.1', String(replication.port)]);
      await setTimeout(3_000);
      replication.silence(true);
      await setTimeout(200);
      for (const link of links) link.retarget(replica.port);
      await redis.kill();
      await replica.promote();
      await replication.close();
      replicas.push(replica);
    },
  }),
  outageCase({
    name: 'a node without a connection to Redis for 8 s, but with its clients: nothing lost or duplicated',
    check: assertWhole,
    async outage({ links, nodes }) {
      await links[0]!.refuse(true);
      links[0]!.reset();
      await setTimeout(8_000);
      assert.equal(nodes[0]!.report.status.backplane, 'down');
      await links[0]!.refuse(false);
    },
  }),
];

const missing = await installedRedis();
await runCases('many-nodes', missing ? [missing] : cases, {
  close: () => Promise.all(replicas.map((replica) => replica.kill())),
});
