import { setImmediate } from 'node:timers/promises';
import { type ConnectorOptions, MCPSession, type SessionOptions } from 'rx-mcp';
import { StdioConnector, type StdioServer } from 'rx-mcp/stdio';
import { firstValueFrom, map, mergeMap, ReplaySubject, skip } from 'rxjs';
import { runs } from '../../rig/runs';
import { stdioFaultServerCommand, type StdioFlags } from '../../rig/stdio/stdioFaultServerCommand';
import { quick } from '../../rig/quick';
import { type Watched, watchSession } from '../../rig/watchSession';

/** A session with a fault server over stdio, watched and not yet connected. */
export interface StdioWatched extends Watched {
  /** Resolves with the id of the `nth` process of the session. */
  pid(nth?: number): Promise<number>;
  /** Resolves when the `nth` process has exited. */
  gone(nth?: number): Promise<void>;
}

/** Options of a stdio session. */
export interface StdioSetting extends Partial<StdioServer> {
  flags?: Partial<StdioFlags>;
  options?: ConnectorOptions;
  session?: SessionOptions;
}

/** Makes each process print its id first. */
const printPid = ['--import', 'data:text/javascript,process.stderr.write(`pid ${process.pid};`)'];

/** Opens stdio sessions for the specs of a file. After each spec, the sessions and their processes are ended. */
export function useStdio(): (setting?: StdioSetting) => StdioWatched {
  const ends: (() => Promise<void>)[] = [];
  afterEach(async () => {
    for (const end of ends.splice(0)) await end();
  });

  return ({ flags, options, session: sessionOptions, ...server } = {}) => {
    const { command, args } = stdioFaultServerCommand(flags);
    const connector = new StdioConnector(
      { command, args: [...printPid, ...args], stderr: 'pipe', ...server },
      { reconnect: quick, ...options },
    );
    const pids$ = new ReplaySubject<number>(Infinity);
    const started: number[] = [];
    pids$.subscribe((pid) => started.push(pid));
    connector.stderr$
      .pipe(
        mergeMap((text) => text.matchAll(/pid (\d+);/g)),
        map(([, pid]) => Number(pid)),
      )
      .subscribe(pids$);

    const session = new MCPSession(connector, sessionOptions);
    ends.push(async () => {
      await session.disconnect();
      for (const pid of started.filter(runs)) process.kill(pid, 'SIGKILL');
    });
    const pid = (nth = 1): Promise<number> => firstValueFrom(pids$.pipe(skip(nth - 1)));
    return {
      ...watchSession(session),
      pid,
      gone: async (nth) => {
        const id = await pid(nth);
        while (runs(id)) await setImmediate();
      },
    };
  };
}
