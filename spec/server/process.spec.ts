import { programArgs } from '../rig/programArgs';
import { type Program, runProgram } from '../rig/runProgram';

describe('a server that is not closed', () => {
  let program: Program;
  afterEach(() => program.stop());

  it('does not keep the process alive with its timers', async () => {
    program = runProgram(process.execPath, ...programArgs('spec/server/program/unclosed.ts'));
    expect(await program.ended).toEqual({ code: 0, lines: ['session 200, stream 200'], stderr: '' });
  });
});
