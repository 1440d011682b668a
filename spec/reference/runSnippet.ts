import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { format } from 'node:util';
import { compileFunction } from 'node:vm';
import * as rxMcp from 'rx-mcp';
import { filter, firstValueFrom, ReplaySubject } from 'rxjs';
import { ModuleKind, ScriptTarget, transpileModule } from 'typescript';

/** A snippet that has run to its end. */
export interface RanSnippet {
  /** The session that it made, or was given. */
  readonly session: rxMcp.MCPSession;
  /** What it exports. */
  readonly exports: Record<string, unknown>;
  /** All that it has printed, as soon as one line begins with the text. */
  printed(text: string): Promise<string[]>;
}

/** Takes the place of the page's server, which is nobody's in particular. */
const pagesUrl = 'http://localhost:3000/mcp';

/**
 * Runs a snippet as it is, but for the server's URL.
 *
 * @param given - the session that a snippet refers to without having made it.
 */
export async function runSnippet(name: string, url: string, given?: rxMcp.MCPSession): Promise<RanSnippet> {
  const source = readFileSync(join(__dirname, 'snippets', `${name}.ts`), 'utf8').replaceAll(pagesUrl, url);
  const options = { module: ModuleKind.CommonJS, target: ScriptTarget.ES2022 };
  const { outputText } = transpileModule(source, { compilerOptions: options });
  // It waits at its top level, so it is the body of an async function; a block of its own lets it name what it likes.
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
