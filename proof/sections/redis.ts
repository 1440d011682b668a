import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';
import { createClient } from '@redis/client';
import { firstValueFrom, share, skip } from 'rxjs';
import { type Backplane, redisBackplane } from 'rx-mcp/redis';
import { startTcpProxy } from '../../spec/rig/startTcpProxy';
import { backplanePromises, bounds } from '../../spec/server/backplane/backplanePromises';
import type { ProofCase } from '../harness/proofCase';
import { runCases } from '../harness/runCases';
import { installedRedis, isDown, isUp, type RedisServer, startRedis } from '../servers/startRedis';

/** Creates a case with its own Redis and backplane. */
function outage(name: string, run: (redis: RedisServer, backplane: Backplane) => Promise<unknown>): ProofCase {
  return {
    name,
    seconds: 60,
    async run() {
      const redis = await startRedis();
      const backplane = redisBackplane({ url: redis.url });
      try {
        await isUp(backplane);
        return await run(redis, backplane);
      } finally {
        redis.resume();
        await backplane.close?.();
        await redis.kill();
      }
    },
  };
}

/** Creates a client for administrative commands. */
function adminOf(url: string) {
  return createClient({ url })
    .on('error', () => undefined)
    .connect();
}

/** Resolves with the promise of the next wake-up, once the subscription is in effect. */
async function nextWake(backplane: Backplane, log: string): Promise<{ promise: Promise<void> }> {
  const wakes = backplane.wake$(log).pipe(share());
  const promise = firstValueFrom(wakes.pipe(skip(1)));
  await firstValueFrom(wakes);
  return { promise };
}

/** Cases for failures of the Redis behind a backplane. */
const outages: readonly ProofCase[] = [
  outage(
    'Redis killed: reports down, rejects immediately, and reports up when Redis is available again',
    async (redis, backplane) => {
      await redis.kill();
      await isDown(backplane);
      await assert.rejects(backplane.append('log', 'x'), { name: 'ConnectionLostError' });
      await assert.rejects(backplane.get('key'), { name: 'ConnectionLostError' });
      await redis.start();
      await isUp(backplane);
      assert.match(await backplane.append('log', 'x'), /^\d+/);
    },
  ),
  outage(
    'Redis killed and restarted without data: readers are notified, and reject further reads',
    async (redis, backplane) => {
      const read = await backplane.append('log', 'read');
      const woken = await nextWake(backplane, 'log');
      await redis.kill();
      await isDown(backplane);
      await redis.start();
      await woken.promise;
      assert.equal(await backplane.range('log', read, 10), undefined);
      await backplane.append('log', 'fresh');
      assert.equal(await backplane.range('log', read, 10), undefined);
    },
  ),
  outage(
    'connections closed by Redis: notifications and messages continue, nothing in the log is lost',
    async (redis, backplane) => {
      const read = await backplane.append('log', 'read');
      const woken = await nextWake(backplane, 'log');
      const message = firstValueFrom(backplane.on$('channel'));
      const admin = await adminOf(redis.url);
      await admin.sendCommand(['CLIENT', 'KILL', 'SKIPME', 'yes']);
      await isDown(backplane);
      await isUp(backplane);
      await woken.promise;
      const next = await nextWake(backplane, 'log');
      const id = await backplane.append('log', 'fresh');
      await next.promise;
      assert.deepEqual(await backplane.range('log', read, 10), [{ id, frame: 'fresh', previous: read }]);
      await backplane.publish('channel', 'x');
      assert.equal(await message, 'x');
      admin.destroy();
    },
  ),
  outage('Redis paused for 3 s: appends wait, in order', async (redis, backplane) => {
    await backplane.append('log', '0');
    redis.pause();
    const appended = [1, 2, 3].map((n) => backplane.append('log', String(n)));
    await delay(3_000);
    redis.resume();
    await Promise.all(appended);
    const frames = (await backplane.range('log', '0', 10))?.map(({ frame }) => frame);
    assert.deepEqual(frames, ['0', '1', '2', '3']);
  }),
  outage(
    'Redis paused for a long time: reports down, rejects waiting commands, and is up when Redis continues',
    async (redis, backplane) => {
      redis.pause();
      const waiting = assert.rejects(backplane.append('log', 'x'));
      const since = performance.now();
      await isDown(backplane);
      await waiting;
      const noticed = Math.round(performance.now() - since);
      redis.resume();
      await isUp(backplane);
      await backplane.append('log', 'y');
      return `noticed after ${noticed} ms`;
    },
  ),
  outage('scripts flushed: appends continue', async (redis, backplane) => {
    const admin = await adminOf(redis.url);
    await backplane.append('log', 'x');
    await admin.sendCommand(['SCRIPT', 'FLUSH']);
    await backplane.append('log', 'y');
    assert.deepEqual(
      (await backplane.range('log', '0', 9))?.map(({ frame }) => frame),
      ['x', 'y'],
    );
    admin.destroy();
  }),
  outage('a message that is not JSON is ignored', async (redis, backplane) => {
    const admin = await adminOf(redis.url);
    const message = firstValueFrom(backplane.on$('channel'));
    await firstValueFrom(backplane.wake$('settled'));
    await admin.publish('rx-mcp:c:channel', '{');
    await backplane.publish('channel', 'x');
    assert.equal(await message, 'x');
    admin.destroy();
  }),
  {
    name: 'Redis unavailable at the start: no process ends, and the backplane reports up when Redis is available',
    seconds: 30,
    async run() {
      const redis = await startRedis();
      await redis.kill();
      const backplane = redisBackplane({ url: redis.url });
      await assert.rejects(backplane.append('log', 'x'), { name: 'ConnectionLostError' });
      await redis.start();
      await isUp(backplane);
      await backplane.append('log', 'x');
      await backplane.close?.();
      await redis.kill();
    },
  },
  {
    name: 'commands sent before the first connection wait for it, in order',
    seconds: 30,
    async run() {
      const redis = await startRedis();
      const backplane = redisBackplane({ url: redis.url });
      await Promise.all(['a', 'b', 'c'].map((frame) => backplane.append('log', frame)));
      const entries = await backplane.range('log', '0', 9);
      assert.deepEqual(
        entries?.map(({ frame }) => frame),
        ['a', 'b', 'c'],
      );
      await backplane.close?.();
      const closed = redisBackplane({ url: redis.url });
      const early = assert.rejects(closed.append('log', 'd'), { name: 'ConnectionLostError' });
      await closed.close?.();
      await early;
      await redis.kill();
    },
  },
  {
    name: "a caller's client: connected when it is not, and left open on close",
    seconds: 30,
    async run() {
      const redis = await startRedis();
      const client = createClient({ url: redis.url, RESP: 2 });
      client.on('error', () => undefined);
      const backplane = redisBackplane(client, { prefix: 'own:' });
      await isUp(backplane);
      await backplane.append('log', 'x');
      assert.deepEqual(await client.keys('*'), ['own:log']);
      await backplane.close?.();
      assert.equal(await client.ping(), 'PONG');
      const connections = await client.sendCommand<string>(['CLIENT', 'LIST']);
      assert.doesNotMatch(connections, /cmd=subscribe/);
      client.destroy();
      await redis.kill();
    },
  },
  {
    name: 'fails over to a replica: entries that the replica has are read, and reads of missing entries are rejected',
    seconds: 60,
    async run() {
      const main = await startRedis();
      const replication = await startTcpProxy(main);
      const replica = await startRedis(['--replicaof', '127.0.0.1', String(replication.port)]);
      const admin = await adminOf(replica.url);
      const linked = async (): Promise<boolean> => (await admin.info('replication')).includes('master_link_status:up');
      while (!(await linked())) await delay(50);
      const endpoint = await startTcpProxy(main);
      const backplane = redisBackplane({ url: `redis://127.0.0.1:${endpoint.port}` });
      await isUp(backplane);
      const first = await backplane.append('log', 'first');
      const client = await adminOf(main.url);
      await client.wait(1, 5_000);
      client.destroy();
      // Data that is written now never arrives at the replica.
      replication.silence(true);
      const lost = await backplane.append('log', 'lost');
      endpoint.retarget(replica.port);
      await main.kill();
      await isDown(backplane);
      await admin.sendCommand(['REPLICAOF', 'NO', 'ONE']);
      await isUp(backplane);
      const fresh = await backplane.append('log', 'fresh');
      assert.equal(await backplane.range('log', lost, 10), undefined);
      assert.deepEqual(await backplane.range('log', first, 10), [{ id: fresh, frame: 'fresh', previous: first }]);
      await backplane.close?.();
      admin.destroy();
      await endpoint.close();
      await replication.close();
      await replica.kill();
    },
  },
];

// The required behaviour of a backplane with a real Redis, then failures of that Redis.
const missing = await installedRedis();
if (missing !== undefined) {
  await runCases('redis', [missing]);
} else {
  const redis = await startRedis();
  const contract = backplanePromises.map(({ name, keep }, index): ProofCase => ({
    name,
    seconds: 30,
    async run() {
      const [a, b] = ['a', 'b'].map(() => redisBackplane({ url: redis.url }, { ...bounds, prefix: `${index}:` }));
      if (!a || !b) return;
      try {
        await Promise.all([a, b].map(isUp));
        await keep({ a, b, elapse: (ms) => delay(ms) });
      } finally {
        await Promise.all([a.close?.(), b.close?.()]);
      }
    },
  }));
  await runCases('redis', [...contract, ...outages], { atOnce: 4, close: () => redis.kill() });
}
