import { fileURLToPath } from 'node:url';
import { MCPSession } from 'rx-mcp';
import { StdioConnector } from 'rx-mcp/stdio';
import { lastValueFrom, merge, scan } from 'rxjs';

const server = fileURLToPath(new URL('../servers/stdioServer.mjs', import.meta.url));
/** Three of progress, and the result. */
const eventsPerCall = 4;

/** Microseconds a call, of `n` calls that are made `atOnce` at a time on one session; each has progress. */
export async function callAtOnce({ atOnce, n }) {
  const session = new MCPSession(new StdioConnector({ command: process.execPath, args: [server] }));
  await session.connect();

  async function call(count) {
    for (let done = 0; done < count; done += atOnce) {
      const calls = Array.from({ length: atOnce }, () => session.callTool$('work'));
      const events = await lastValueFrom(merge(...calls).pipe(scan((seen) => seen + 1, 0)));
      if (events !== atOnce * eventsPerCall) throw new Error(`${events} events of ${atOnce} calls`);
    }
  }

  await call(n);
  const startedUsing = process.cpuUsage();
  const startedAt = process.hrtime.bigint();
  await call(n);
  const value = Number(process.hrtime.bigint() - startedAt) / 1e3 / n;
  const { user, system } = process.cpuUsage(startedUsing);
  await session.disconnect();
  return { value, cpu: (user + system) / 1000 };
}
