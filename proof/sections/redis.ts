import { setTimeout } from 'node:timers/promises';
import { redisBackplane } from 'rx-mcp/redis';
import { backplanePromises, bounds } from '../../spec/server/backplane/backplanePromises';
import { installedRedis, isUp, startRedis } from '../redis/startRedis';
import { outages } from '../redis/outages';
import type { ProofCase } from '../harness/proofCase';
import { runCases } from '../harness/runCases';

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
        await keep({ a, b, elapse: (ms) => setTimeout(ms) });
      } finally {
        await Promise.all([a.close?.(), b.close?.()]);
      }
    },
  }));
  await runCases('redis', [...contract, ...outages], { atOnce: 4, close: () => redis.kill() });
}
