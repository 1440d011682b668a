import { useScript } from './useScript';

const run = useScript();
const tick = `fs.writeSync(1, '{"jsonrpc":"2.0","method":"custom/tick","params":{"n":1}}\\n');`;

describe('a process that keeps running', () => {
  it.each([
    ['but has closed its output', `${tick} process.stdin.removeAllListeners('data').resume(); fs.closeSync(1);`],
    ['but has closed its input', `process.stdin.destroy(); fs.closeSync(0); ${tick}`],
  ])('%s, is terminated and respawned', async (_, then) => {
    const { session, until, receives, statuses } = run(then);
    await session.connect();
    await receives(1);
    // A process notices a closed input only when something is written to it.
    session.listTools().catch(() => undefined);

    await until(() => statuses.some(({ state }) => state === 'reconnecting'));
    await until(() => statuses.filter(({ state }) => state === 'connected').length >= 2);

    expect(statuses.find(({ state }) => state === 'reconnecting')).toMatchObject({
      error: { name: 'ConnectionLostError' },
    });
  });
});
