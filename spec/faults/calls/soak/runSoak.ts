import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { programArgs } from '../../../rig/programArgs';
import type { SoakReport } from './soakReport';

/** Runs a soak script of this folder in its own process. Resolves with its reports by name. */
export async function runSoak(script: string, ...args: string[]): Promise<Map<string, SoakReport>> {
  const command = ['--expose-gc', ...programArgs(`spec/faults/calls/soak/${script}.ts`), ...args];
  const { stdout } = await promisify(execFile)(process.execPath, command);
  const reports = stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as SoakReport);
  return new Map(reports.map((report) => [report.name, report]));
}
