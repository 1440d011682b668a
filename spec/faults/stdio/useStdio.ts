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
  /** The id of the `nth` process that the session has started, as soon as it has. */
  pid(nth?: number): Promise<number>;
  /** Resolves when the `nth` process is gone. */
  gone(nth?: number): Promise<void>;
}

/** What a stdio session is made of. */
export interface StdioSetting extends Partial<StdioServer> {
  flags?: Partial<StdioFlags>;
  options?: ConnectorOptions;
  session?: SessionOptions;
}

/** Has each process say its id before anything else. */
const sayPid = ['--import', 'data:text/javascript,process.stderr.write(`pid ${process.pid};`)'];

/** Makes sessions over stdio for the specs of a file; when a spec is over they are ended, and so are their processes. */
export function useStdio(): (setting?: StdioSetting) => StdioWatched {
  const ends: (() => Promise<void>)[] = [];
  afterEach(async () => {
    for (const end of ends.splice(0)) await end();
  });

  return ({ flags, options, session: sessionOptions, ...server } = {}) => {
    const { command, args } = stdioFaultServerCommand(flags);
    const connector = new StdioConnector(
      { command, args: [...sayPid, ...args], stderr: 'pipe', ...server },
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
