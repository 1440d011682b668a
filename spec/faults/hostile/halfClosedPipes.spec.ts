import { useScript } from './useScript';

const run = useScript();
const tick = `fs.writeSync(1, '{"jsonrpc":"2.0","method":"custom/tick","params":{"n":1}}\\n');`;

describe('a process that keeps running', () => {
  it.each([
    [
      'and speaks no more, since it closed its output',
      `${tick} process.stdin.removeAllListeners('data').resume(); fs.closeSync(1);`,
    ],
    ['and hears no more, since it closed its input', `process.stdin.destroy(); fs.closeSync(0); ${tick}`],
  ])('%s, is terminated and respawned', async (_, then) => {
    const { session, until, heard, statuses } = run(then);
    await session.connect();
    await heard(1);
    // Nobody knows of a closed input until something is written to it.
    session.listTools().catch(() => undefined);

    await until(() => statuses.some(({ state }) => state === 'reconnecting'));
    await until(() => statuses.filter(({ state }) => state === 'connected').length >= 2);

    expect(statuses.find(({ state }) => state === 'reconnecting')).toMatchObject({
      error: { name: 'ConnectionLostError' },
    });
  });
});
