import { z } from 'zod';
import { runs } from '../../rig/runs';
import { useStdio } from './useStdio';

const orphanOf = z.object({ structuredContent: z.object({ pid: z.int() }) });

describe('a server process that exits while a grandchild holds its output', () => {
  const start = useStdio();
  let orphan: number | undefined;

  afterEach(() => {
    if (orphan !== undefined && runs(orphan)) process.kill(orphan, 'SIGKILL');
  });

  it('is respawned while the grandchild runs', async () => {
    const { session, statuses, gone, until } = start();
    await session.connect();

    orphan = orphanOf.parse(await session.callTool('orphan')).structuredContent.pid;
    await gone();
    await until(() => statuses.filter(({ state }) => state === 'connected').length === 2);

    expect(runs(orphan)).toBe(true);
  });

  it('does not keep disconnect() waiting', async () => {
    const { session, statuses } = start({ options: { reconnect: false } });
    await session.connect();

    orphan = orphanOf.parse(await session.callTool('orphan')).structuredContent.pid;
    await session.disconnect();

    expect(statuses.at(-1)!.state).toBe('closed');
    expect(runs(orphan)).toBe(true);
  });
});
