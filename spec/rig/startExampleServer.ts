import {
  type RunningExampleServer,
  startExampleServer as start,
  type StartExampleServerOptions,
} from '../../examples/server/startExampleServer';
import { programArgs } from './programArgs';

export type { RunningExampleServer };

/** Starts the example server as the examples do, from code that is compiled once a run. */
export function startExampleServer(options: StartExampleServerOptions = {}): Promise<RunningExampleServer> {
  const { program = 'examples/server/main.ts' } = options;
  return start({ ...options, program: programArgs(program).at(-1) });
}
