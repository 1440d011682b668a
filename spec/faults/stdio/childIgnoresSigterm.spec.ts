import { runs } from '../../rig/runs';
import { createClock } from '../../client/session/createClock';
import { useStdio } from './useStdio';

/** Milliseconds that a process is given to leave by itself, and as many after SIGTERM. */
const patience = 2_000;
/** A process that says nothing, and stays. */
const silent = [
  '-e',
  'process.on("SIGTERM", () => {}); process.stderr.write(`pid ${process.pid};`); setInterval(() => {}, 1e6)',
];

describe('a server process that ignores the end of its input, and SIGTERM', () => {
  const start = useStdio();

  it('is killed in the end: when disconnect() resolves, it is gone', async () => {
    const { session, statuses, completed, pid } = start({ flags: { ignoreSigterm: true } });
    await session.connect();

    await session.disconnect();

    expect(runs(await pid())).toBe(false);
    expect(statuses.at(-1)).toEqual({ state: 'closed' });
    expect(completed).toContain('status');
  });

  it('is asked first, and told, before it is killed', async () => {
    const { scheduler, advance } = createClock();
    const { session, pid, gone } = start({ flags: { ignoreSigterm: true }, session: { scheduler } });
    await session.connect();
    const child = await pid();
    const ended = session.disconnect();

    await advance(patience);
    await advance(patience - 1);
    expect(runs(child)).toBe(true);
    await advance(1);

    await gone();
    await ended;
  });

  it('is killed when it is given up before it has answered, too', async () => {
    const { session, statuses, pid } = start({ args: silent });
    const connecting = session.connect();
    connecting.catch(() => undefined);
    const child = await pid();

    await session.disconnect();

    expect(runs(child)).toBe(false);
    expect(statuses.at(-1)).toEqual({ state: 'closed' });
    await expect(connecting).rejects.toMatchObject({ name: 'SessionClosedError' });
  });

  it('is gone when connect() rejects since it did not answer in time', async () => {
    const { session, pid, statuses } = start({ args: silent, options: { connectTimeout: 50 } });

    await expect(session.connect()).rejects.toMatchObject({
      name: 'ConnectionFailedError',
      message: 'initialize: timed out after 50 ms',
    });

    expect(runs(await pid())).toBe(false);
    expect(statuses.at(-1)).toMatchObject({ state: 'closed', error: { name: 'ConnectionFailedError' } });
  });
});
