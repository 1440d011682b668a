import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { format } from 'node:util';
import { compileFunction } from 'node:vm';
import * as rxMcp from 'rx-mcp';
import { filter, firstValueFrom, ReplaySubject } from 'rxjs';
import { ModuleKind, ScriptTarget, transpileModule } from 'typescript';

/** A snippet that has finished. */
export interface RanSnippet {
  /** The session that it created or received. */
  readonly session: rxMcp.MCPSession;
  /** Its exports. */
  readonly exports: Record<string, unknown>;
  /** Resolves with its output, once a line starts with the text. */
  printed(text: string): Promise<string[]>;
}

/** The URL on the page, which is replaced by that of the server. */
const pagesUrl = 'http://localhost:3000/mcp';

/**
 * Runs a snippet unmodified, except for the server's URL.
 *
 * @param given - the session that a snippet uses without creating it.
 */
export async function runSnippet(name: string, url: string, given?: rxMcp.MCPSession): Promise<RanSnippet> {
  const source = readFileSync(join(__dirname, 'snippets', `${name}.ts`), 'utf8').replaceAll(pagesUrl, url);
  const options = { module: ModuleKind.CommonJS, target: ScriptTarget.ES2022 };
  const { outputText } = transpileModule(source, { compilerOptions: options });
  // The snippet awaits at its top level, so it becomes the body of an async function. It has its own block, so that it can
  // declare any names.
  const body = `return (async () => { { ${outputText}\n return typeof session === 'undefined' ? undefined : session; } })();`;
  const run = compileFunction(body, ['require', 'exports', 'console', 'session']) as (
    ...args: unknown[]
  ) => Promise<rxMcp.MCPSession>;

  const lines: string[] = [];
  const lines$ = new ReplaySubject<string>(Infinity);
  lines$.subscribe((line) => lines.push(line));
  const log = (...args: unknown[]): void => lines$.next(format(...args));
  const exports: Record<string, unknown> = {};
  const session = await run(() => rxMcp, exports, { log }, given);

  return {
    session,
    exports,
    printed: async (text) => {
      await firstValueFrom(lines$.pipe(filter((line) => line.startsWith(text))));
      return lines;
    },
  };
}
