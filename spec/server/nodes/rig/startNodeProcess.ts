import { once } from 'node:events';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { scratchDir } from '../../../../proof/harness/environment';
import { processGroup, within } from '../../../../proof/harness/processes';

/** A node in its own process. */
export interface NodeProcess {
  readonly port: number;
  readonly pid: number;
  /** The node's latest report: its status, and its heap in bytes. */
  readonly report: NodeReport;
  /** Kills the node (-9). */
  kill(): Promise<void>;
  /** Ends the node gracefully (SIGTERM), which closes its server first. Resolves with the exit code. */
  stop(): Promise<number | null>;
  /** How the node ended without being ended by the spec. `undefined` while it runs. */
  readonly failure: string | undefined;
}

/** The report of a node. */
interface NodeReport {
  readonly status: { backplane: string; sessions: number; listening: number; running: number; node: string };
  readonly lastError: string;
  readonly heap: number;
}

let program: Promise<string> | undefined;

/** Starts a node on a Redis, with a clock that may be wrong. Its program is bundled once, so that a node starts quickly. */
export async function startNodeProcess(redisUrl: string, clockShiftMs = 0): Promise<NodeProcess> {
  const file = await (program ??= bundle());
  const child = processGroup.start(process.execPath, [file, redisUrl, String(clockShiftMs)], {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  let report: NodeReport | undefined;
  let isEnding = false;
  let failure: string | undefined;
  child.on('message', (message: object) => {
    if ('status' in message) report = message as NodeReport;
  });
  child.once('exit', (code, signal) => {
    if (!isEnding) failure = String(signal ?? code);
  });
  const port = await within(20, portOf(child));

  return {
    port,
    pid: child.pid!,
    get report() {
      return report!;
    },
    get failure() {
      return failure;
    },
    async kill() {
      isEnding = true;
      if (child.exitCode !== null || child.signalCode !== null) return;
      const ended = once(child, 'exit');
      processGroup.kill(child);
      await ended;
    },
    async stop() {
      isEnding = true;
      const ended = once(child, 'exit') as Promise<[number | null]>;
      child.kill('SIGTERM');
      return (await ended)[0];
    },
  };
}

function portOf(child: ReturnType<typeof processGroup.start>): Promise<number> {
  return new Promise((resolve, reject) => {
    child.on('message', (message: { port?: number }) => {
      if (message.port !== undefined) resolve(message.port);
    });
    child.once('exit', (code) => reject(new Error(`the node ended with ${String(code)}`)));
  });
}

async function bundle(): Promise<string> {
  const outfile = join(scratchDir(), 'node.cjs');
  await build({
    entryPoints: [fileURLToPath(new URL('nodeProgram.ts', import.meta.url))],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node20',
    tsconfig: fileURLToPath(new URL('../../../../tsconfig.json', import.meta.url)),
    logLevel: 'error',
  });
  return outfile;
}
