import { readFileSync } from 'node:fs';
import { runCode, type RunningCode, type Surroundings } from './runCode';

/** Runs the recipe under a heading of the page, until its top level has finished. */
export async function runRecipe(heading: string, surroundings: Surroundings): Promise<RunningCode> {
  const [, section = ''] = readFileSync('docs/recipes.md', 'utf8').split(`\n## ${heading}\n`);
  const [, source = ''] = /```ts\n(.*?)\n```/s.exec(section) ?? [];
  if (!source) throw new Error(`There is no recipe: ${heading}`);
  const running = runCode(source, surroundings);
  await running.done;
  return running;
}
