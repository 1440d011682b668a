import { type Backplane, memoryBackplane, MCPServer, type MCPServerOptions } from 'rx-mcp/server';
import { type Served, serve } from '../../rig/serve';
import { type RoundRobin, startRoundRobin } from './startRoundRobin';

/** A node of a server, in this process. */
interface Node {
  readonly server: MCPServer;
  readonly served: Served;
  /** All errors that the node emitted on `errors$`. */
  readonly errors: Error[];
}

/** Several nodes that share a backplane, behind a balancer. */
export interface Nodes {
  readonly nodes: readonly Node[];
  readonly backplane: Backplane;
  readonly balancer: RoundRobin;
  close(): Promise<void>;
}

/** Starts nodes that share one memory backplane, or views of it that `backplaneOf` creates. */
export async function startNodes(
  optionsOf: (index: number) => MCPServerOptions,
  { count = 2, backplaneOf }: { count?: number; backplaneOf?: (index: number, shared: Backplane) => Backplane } = {},
): Promise<Nodes> {
  const backplane = memoryBackplane();
  const nodes = await Promise.all(
    Array.from({ length: count }, async (_, index): Promise<Node> => {
      const own = backplaneOf?.(index, backplane) ?? backplane;
      const server = new MCPServer({ name: 'nodes', version: '1.0.0' }, { backplane: own, ...optionsOf(index) });
      const errors: Error[] = [];
      server.errors$.subscribe((error) => errors.push(error));
      return { server, served: await serve(server), errors };
    }),
  );
  const balancer = await startRoundRobin(nodes.map(({ served }) => Number(served.url.port)));
  return {
    nodes,
    backplane,
    balancer,
    async close() {
      await balancer.close();
      await Promise.all(nodes.map(({ served }) => served.close()));
    },
  };
}
