import { programArgs } from '../../rig/programArgs';
import { runProgram } from '../../rig/runProgram';

describe('two hundred sessions', () => {
  it('connect at once without a gap, and use less than 0.1 MB of heap each', async () => {
    // Compiled: tsx gives functions a name at run time, which takes as much heap as the functions.
    const args = ['--expose-gc', ...programArgs('spec/client/session/manySessionsProgram.ts')];
    const { code, lines, stderr } = await runProgram(process.execPath, ...args).ended;

    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const { sessions, gaps, megabytes } = JSON.parse(lines.at(-1)!) as Record<string, number>;
    expect({ sessions, gaps }).toEqual({ sessions: 410, gaps: 0 });
    expect(megabytes).toBeLessThan(0.1);
  }, 180_000);
});
