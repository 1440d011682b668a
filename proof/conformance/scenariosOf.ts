import { nodeOf } from '../harness/nodeOf';
import { rootDir } from '../harness/rootDir';
import { runProcess } from '../harness/runProcess';
import type { Suite } from './suites';

/** The client scenarios of a suite, by name. */
export async function scenariosOf({ program, list }: Suite): Promise<string[]> {
  const { code, output } = await runProcess(nodeOf(24), [program, ...list], { cwd: rootDir, seconds: 30 });
  const [, listed = ''] = output.split('Client scenarios');
  const names = [...listed.matchAll(/^ {2}- (\S+)/gm)].map(([, name]) => name!);
  if (code !== 0 || names.length === 0) throw new Error(`the suite lists no client scenarios: ${output}`);
  return names;
}
