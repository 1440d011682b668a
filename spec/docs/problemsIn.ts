import { join, relative } from 'node:path';
import ts from 'typescript';
import type { PageProgram } from './programsIn';

/** Declarations that a page may use without defining them. */
const ambient = `
declare const session: import('rx-mcp').MCPSession;
declare const client: import('rx-mcp').MCPClient;
declare const server: import('rx-mcp/server').MCPServer;
declare const sdkClient: import('@modelcontextprotocol/sdk/client/index.js').Client;
`;

/** Returns the compiler errors of programs, with the project's own settings: `docs/page.md:12: …`. */
export function problemsIn(programs: readonly PageProgram[]): string[] {
  const { config } = ts.readConfigFile('tsconfig.json', (path) => ts.sys.readFile(path)) as { config: object };
  const { options } = ts.parseJsonConfigFileContent(config, ts.sys, process.cwd());
  // A page may declare names that it does not use.
  Object.assign(options, { noUnusedLocals: false, noUnusedParameters: false });
  // A program for mcp-use that works after changing the import is compiled with the changed import.
  options.paths = { ...options.paths, 'mcp-use': ['./lib/index.ts'] };

  const texts = new Map(
    programs.map(({ file, line, text }) => [join(process.cwd(), `${file}.${line}.ts`), `${text}\nexport {};\n`]),
  );
  const declarations = join(process.cwd(), 'docs/ambient.d.ts');
  texts.set(declarations, ambient);

  const host = ts.createCompilerHost(options);
  const { fileExists, readFile } = host;
  host.fileExists = (path) => texts.has(path) || fileExists(path);
  host.readFile = (path) => texts.get(path) ?? readFile(path);
  const program = ts.createProgram([...texts.keys()], options, host);

  return [...texts.keys()].flatMap((path) => {
    const source = program.getSourceFile(path);
    const page = relative(process.cwd(), path).replace(/\.\d+\.ts$/, '');
    return [...program.getSyntacticDiagnostics(source), ...program.getSemanticDiagnostics(source)].map(
      ({ start = 0, messageText }) => {
        const line = (source?.getLineAndCharacterOfPosition(start).line ?? 0) + 1;
        return `${page}:${line}: ${ts.flattenDiagnosticMessageText(messageText, '\n')}`;
      },
    );
  });
}
