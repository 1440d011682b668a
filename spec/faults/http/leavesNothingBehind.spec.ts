import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';

describe('a program whose sessions had faults', () => {
  it('has no timer and no socket left, and exits', async () => {
    const program = ['--import', 'tsx', 'spec/faults/http/faultsProgram.ts'];
    const child = spawn(process.execPath, program, { stdio: ['ignore', 'pipe', 'inherit'] });
    const [output, [code]] = await Promise.all([text(child.stdout), once(child, 'exit')]);

    expect(code).toBe(0);
    const { failed, left, before, after } = JSON.parse(output) as Record<string, unknown>;
    // The stream was cut and the session was closed. The call fails with whichever comes first.
    expect(['ConnectionLostError', 'SessionClosedError']).toContain(failed);
    expect(left).toEqual({ timers: 0 });
    expect(after).toEqual(before);
  });
});
