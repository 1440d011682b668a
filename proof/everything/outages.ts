import { HttpConnector, InvalidNotificationError, isRetryable } from 'rx-mcp';
import { StdioConnector } from 'rx-mcp/stdio';
import { firstValueFrom, map } from 'rxjs';
import type { ProofCase } from '../harness/proofCase';
import { withSession } from '../harness/withSession';
import { programOf } from '../servers/programOf';
import { startEverything } from '../servers/startEverything';
import { cutOff } from './cutOff';
import { restarted } from './restarted';
import { sessionOver } from './sessionOver';

const announcePid = new URL('../servers/announcePid.mjs', import.meta.url).href;
const reconnect = { initialDelay: 100, maxDelay: 500 };

const isOutage = (error: Error): boolean => isRetryable(error);

/** Among what it replays is the empty event that began each stream, as an empty object. */
const isReplay = (error: Error): boolean =>
  isOutage(error) || (error instanceof InvalidNotificationError && JSON.stringify(error.notification) === '{}');

/** A `server-everything` that is killed and started again. */
function restartCase(transport: 'streamableHttp' | 'sse'): ProofCase {
  return {
    name: `killed and restarted over ${transport}`,
    seconds: 30,
    async run() {
      const server = await startEverything(transport);
      try {
        const connector = new HttpConnector(server.url, { reconnect });
        return await withSession(sessionOver(connector), (session) => restarted(session, server.restart), isOutage);
      } finally {
        await server.stop();
      }
    },
  };
}

/** What happens to `server-everything`, and to the way there. */
export const outages: readonly ProofCase[] = [
  {
    name: 'killed over stdio',
    seconds: 30,
    run() {
      const args = ['--import', announcePid, programOf('everything'), 'stdio'];
      const connector = new StdioConnector({ command: process.execPath, args, stderr: 'pipe' }, { reconnect });
      const pid = firstValueFrom(connector.stderr$.pipe(map((text) => Number(/pid (\d+)/.exec(text)?.[1]))));
      const kill = async (): Promise<void> => void process.kill(await pid, 'SIGKILL');
      return withSession(sessionOver(connector), (session) => restarted(session, kill), isOutage);
    },
  },
  restartCase('streamableHttp'),
  restartCase('sse'),
  {
    name: 'cut off over streamableHttp',
    seconds: 30,
    async run() {
      const server = await startEverything('streamableHttp');
      try {
        const connector = new HttpConnector(server.url, { reconnect });
        return await withSession(sessionOver(connector), (session) => cutOff(session, server.cut), isReplay);
      } finally {
        await server.stop();
      }
    },
  },
];
