import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  createSourceFile,
  forEachChild,
  isExportDeclaration,
  isIdentifier,
  isImportDeclaration,
  isNamedExports,
  type Node,
  ScriptTarget,
} from 'typescript';

const parse = (file: string) => createSourceFile(file, readFileSync(file, 'utf8'), ScriptTarget.Latest, true);

/** Returns the exported names of an entry. */
function exportedFrom(entry: string): string[] {
  return parse(entry).statements.flatMap((statement) =>
    isExportDeclaration(statement) && statement.exportClause && isNamedExports(statement.exportClause)
      ? statement.exportClause.elements.map(({ name }) => name.text)
      : [],
  );
}

/** Returns the names that are used in a file, not counting imports. */
function usedIn(file: string): Set<string> {
  const names = new Set<string>();
  function visit(node: Node): void {
    if (isImportDeclaration(node)) return;
    if (isIdentifier(node)) names.add(node.text);
    forEachChild(node, visit);
  }
  visit(parse(file));
  return names;
}

const used = new Set(
  readdirSync(__dirname)
    .filter((file) => file.endsWith('.types.spec.ts'))
    .flatMap((file) => [...usedIn(join(__dirname, file))]),
);

describe('the specs of types', () => {
  it.each(['lib/index.ts', 'lib/client/stdio/index.ts', 'lib/client/modern/index.ts', 'lib/server/index.ts'])(
    'cover the type of every public name of %s',
    (entry) => {
      const names = exportedFrom(entry);
      expect(names).not.toHaveLength(0);
      expect(names.filter((name) => !used.has(name))).toEqual([]);
    },
  );
});
