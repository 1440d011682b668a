import {
  type RunningExampleServer,
  startExampleServer as start,
  type StartExampleServerOptions,
} from '../../demo/server/startExampleServer';
import { programArgs } from './programArgs';

export type { RunningExampleServer };

/** Starts the example server like the examples do, from code that is compiled once per run. */
export function startExampleServer(options: StartExampleServerOptions = {}): Promise<RunningExampleServer> {
  const { program = 'demo/server/main.ts' } = options;
  return start({ ...options, program: programArgs(program).at(-1) });
}
