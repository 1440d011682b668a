import { runCases } from '../harness/runCases';
import { installedRedis } from '../redis/startRedis';
import { nodeCases, replicas } from '../redis/nodeCases';

// Several nodes of one server as processes, on a real Redis, while nodes and Redis fail.
const missing = await installedRedis();
await runCases('many-nodes', missing ? [missing] : nodeCases, {
  close: () => Promise.all(replicas.map((replica) => replica.kill())),
});
