import { virtualTime } from 'rx-mcp/testing';
import { runs } from '../../rig/runs';
import { useStdio } from './useStdio';

/** The grace period after closing stdin, and again after SIGTERM, in milliseconds. */
const gracePeriodMs = 2_000;
/** A process that prints nothing and does not exit. */
const silent = [
  '-e',
  'process.on("SIGTERM", () => {}); process.stderr.write(`pid ${process.pid};`); setInterval(() => {}, 1e6)',
];

describe('a server process that ignores the end of its input and SIGTERM', () => {
  const start = useStdio();

  it('has been killed when disconnect() resolves', async () => {
    const { session, statuses, completed, pid } = start({ flags: { ignoreSigterm: true } });
    await session.connect();

    await session.disconnect();

    expect(runs(await pid())).toBe(false);
    expect(statuses.at(-1)).toEqual({ state: 'closed' });
    expect(completed).toContain('status');
  });

  it('receives the end of its input, then SIGTERM, then SIGKILL', async () => {
    const { scheduler, advance } = virtualTime();
    const { session, pid, gone } = start({ flags: { ignoreSigterm: true }, session: { scheduler } });
    await session.connect();
    const child = await pid();
    const ended = session.disconnect();

    await advance(gracePeriodMs);
    await advance(gracePeriodMs - 1);
    expect(runs(child)).toBe(true);
    await advance(1);

    await gone();
    await ended;
  });

  it('is killed when connecting is aborted', async () => {
    const { session, statuses, pid } = start({ args: silent });
    const connecting = session.connect();
    connecting.catch(() => undefined);
    const child = await pid();

    await session.disconnect();

    expect(runs(child)).toBe(false);
    expect(statuses.at(-1)).toEqual({ state: 'closed' });
    await expect(connecting).rejects.toMatchObject({ name: 'SessionClosedError' });
  });

  it('has exited when connect() rejects after a timeout', async () => {
    const { session, pid, statuses } = start({ args: silent, options: { connectTimeout: 50 } });

    await expect(session.connect()).rejects.toMatchObject({
      name: 'ConnectionFailedError',
      message: 'initialize: timed out after 50 ms',
    });

    expect(runs(await pid())).toBe(false);
    expect(statuses.at(-1)).toMatchObject({ state: 'closed', error: { name: 'ConnectionFailedError' } });
  });
});
