import { backoff } from 'rx-mcp';
import { modern } from 'rx-mcp/modern';
import { EMPTY, ignoreElements, retry } from 'rxjs';
import { startExampleServer } from './server/startExampleServer';
import { callFacts } from './callFacts';
import type { Era } from './era';
import { reconnect } from './reconnect';
import type { Tour } from './tour';

/** The tour in each version of the protocol. */
export const tours: Record<Era, Tour> = {
  legacy: {
    startServer: (port) => startExampleServer({ port, args: ['--heartbeat', '500'] }),
    heartbeat$: () => EMPTY,
    readRoots$: () => EMPTY,
  },
  modern: {
    engine: modern({ negotiation: 'modern' }),
    startServer: (port) => startExampleServer({ port, program: 'demo/server-modern/main.ts' }),
    // Here what no list is concerned with comes with the answer to a call: one that has no end, and is made again.
    heartbeat$: (session) =>
      session
        .callTool$('heartbeat', { intervalMs: 500 }, { timeout: 120_000 })
        .pipe(ignoreElements(), retry(backoff(reconnect))),
    readRoots$: (session) => callFacts(session, 'ask_roots'),
  },
};
