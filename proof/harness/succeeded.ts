import { runProcess } from './runProcess';

/** Runs a command that has to succeed, in five minutes. */
export async function succeeded(command: string, args: readonly string[], cwd: string): Promise<void> {
  const { code, output } = await runProcess(command, args, { cwd, seconds: 300 });
  if (code !== 0) throw new Error(`${command} ${args.join(' ')} failed in ${cwd}:\n${output}`);
}
