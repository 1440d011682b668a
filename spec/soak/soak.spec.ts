import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';

describe('sessions with a fault per second', () => {
  it('lose nothing outside of a gap, receive no duplicates, and leave nothing open', async () => {
    const options = ['--minutes', '0.25', '--sessions', '2', '--rate', '50'];
    const program = ['--expose-gc', '--import', 'tsx', 'spec/soak/main.ts', ...options];
    const child = spawn(process.execPath, program, { stdio: ['ignore', 'pipe', 'pipe'] });
    const [out, errors, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'exit')]);

    // If it fails, the output must be visible, because it contains the seed.
    expect({ code, out, errors }).toEqual({
      code: 0,
      out: expect.stringMatching(/^seed \d+: http,modern,stdio,deploy, 2 sessions each[^]*all conditions hold\n$/),
      errors: '',
    });
  }, 240_000);
});
