import { readFileSync } from 'node:fs';
import { compileFunction } from 'node:vm';
import * as rxMcp from 'rx-mcp';
import * as rxjs from 'rxjs';
import { ModuleKind, ScriptTarget, transpileModule } from 'typescript';

/** What a recipe is run with, beside what it imports. */
export interface RecipeSurroundings {
  session?: rxMcp.MCPSession;
  document?: unknown;
  editor?: unknown;
  /** The clock of its `timer`. */
  scheduler?: rxjs.SchedulerLike;
}

/** A recipe that runs. */
export interface RunningRecipe {
  /** What it prints. */
  readonly printed$: rxjs.Observable<string>;
  /** What it has named so, if it has. */
  readonly named: Record<string, unknown>;
}

/** Runs the recipe under a heading, as it stands on the page. */
export async function runRecipe(heading: string, surroundings: RecipeSurroundings): Promise<RunningRecipe> {
  const { session, document, editor, scheduler } = surroundings;
  const [, section = ''] = readFileSync('docs/recipes.md', 'utf8').split(`\n## ${heading}\n`);
  const [, source = ''] = /```ts\n(.*?)\n```/s.exec(section) ?? [];
  if (!source) throw new Error(`There is no recipe: ${heading}`);

  const printed$ = new rxjs.ReplaySubject<string>(Infinity);
  const modules: Record<string, unknown> = {
    'rx-mcp': rxMcp,
    rxjs: { ...rxjs, timer: (due: number) => rxjs.timer(due, scheduler) },
  };
  const { outputText } = transpileModule(source, {
    compilerOptions: { module: ModuleKind.CommonJS, target: ScriptTarget.ES2022 },
  });
  // It waits at its top level, so it is the body of an async function.
  const body = `return (async () => { ${outputText}
    return {
      prompt: typeof prompt === 'undefined' ? undefined : prompt,
      fastest: typeof fastest === 'undefined' ? undefined : fastest,
    };
  })();`;
  const given = {
    require: (name: string) => modules[name],
    exports: {},
    console: { log: (...args: unknown[]) => printed$.next(args.map(String).join(' ')) },
    session,
    document,
    editor,
  };
  const run = compileFunction(body, Object.keys(given)) as (...args: unknown[]) => Promise<Record<string, unknown>>;
  return { printed$, named: await run(...Object.values(given)) };
}
