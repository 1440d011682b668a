// Finds words that usually hide the actor in comments, strings, pages, and the titles and names of specs, and messages of errors that
// do not begin with the operation.
//
// node scripts/lint/voice.mjs [root] prints `file:line word excerpt` and exits with 1 if there is a match
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';

const banned = [
  'nobody',
  'somebody',
  'whoever',
  'anew',
  'afresh',
  'for ever',
  'can not',
  'at the (?:most|least)',
  '(?:is|are) told',
  'what it has to be',
  'by itself',
  // "there is no" and "is no longer" are plain English; "what is no request" is not.
  '(?<!\\bthere )(?:is|are) no(?! longer)(?=\\s)',
  // Programs send, receive, report and request.
  '(?:hear|tell)s?',
  'heard',
  'told',
  'unasked(?:-for)?',
  '(?:is|are) asked',
  'takes? note',
  '(?:goes|went) on',
  'all the same',
  'without a word',
  'others (?:wrote|make)',
  'of (?:the|that) moment',
  'otherwise than',
  'says (?:nothing|so)',
  'as (?:it|they) came',
  'lies? between',
  'also (?:if|when|over|across|as)',
  'speaks?',
  'mend(?:s|ed)?',
  'acts? (?:it |them )?out',
  '(?:comes?|came) and (?:goes?|went)',
  'deaf',
  'in vain',
  'whatever the',
];

// A phrase may continue on the next line, behind the mark of a comment or a quotation.
const space = String.raw`\s+(?:(?:\*|//|>)\s+)?`;
const voice = new RegExp(`\\b(?:${banned.join('|').replaceAll(' ', space)})\\b`, 'gi');

/** Words that are not part of a name that a spec declares. Specs send, receive, report and emit, like the code. */
const bannedInNames = new Set([
  'hear',
  'hears',
  'heard',
  'tell',
  'tells',
  'told',
  'came',
  'said',
  'deaf',
  'asked',
  'patience',
]);

const folders = [
  'lib',
  'docs',
  'examples',
  'demo',
  'dashboard',
  'bench',
  'browser',
  'proof',
  'scripts',
  'spec',
  '.github',
];
const generated = /^docs\/api\/|(?:^|\/)(?:node_modules|dist|\.xmcp)\//;

// One to four words, then a colon. The first word may be a file and a line.
const operationForm = /^[^\s(]+(?: [^\s:(]+){0,3}: \S/;

const root = process.argv[2] ?? join(import.meta.dirname, '../..');
const typedErrors = typedErrorsOf(join(root, 'lib/errors.ts'));
const findings = filesOf().flatMap((file) => {
  if (file.endsWith('.md')) return search(file, (text) => [[0, text.length]]);
  const isSpec = /^(?:dashboard\/)?spec\//.test(file);
  const words = isSpec ? [...search(file, titlesOf), ...bannedNames(file)] : search(file, proseOf);
  return file.startsWith('lib/') ? [...words, ...errorsWithoutOperation(file)] : words;
});
for (const { file, line, word, excerpt } of findings) console.log(`${file}:${line}  ${word}  ${excerpt}`);
if (findings.length > 0) {
  console.error(`voice: ${findings.length} matches. Rewrite the sentence: CONTRIBUTING.md, "Words".`);
  process.exitCode = 1;
}

function filesOf() {
  const inFolders = folders
    .filter((folder) => existsSync(join(root, folder)))
    .flatMap((folder) => readdirSync(join(root, folder), { recursive: true }).map((file) => join(folder, file)));
  return [...readdirSync(root), ...inFolders]
    .filter((file) => /\.(?:md|tsx?|m?js)$/.test(file) && !generated.test(file) && file !== 'scripts/lint/voice.mjs')
    .sort();
}

/** Returns the names of the exported classes of errors, and of the command line's own. */
function typedErrorsOf(path) {
  const text = existsSync(path) ? readFileSync(path, 'utf8') : '';
  return new Set(['UsageError', ...[...text.matchAll(/^export class (\w+Error)\b/gm)].map(([, name]) => name)]);
}

/** Returns the matches that start in one of the ranges that `rangesOf` returns for a file's text. */
function search(file, rangesOf) {
  const text = readFileSync(join(root, file), 'utf8');
  const ranges = rangesOf(text);
  return [...text.matchAll(voice)]
    .filter(({ index }) => ranges.some(([start, end]) => index >= start && index < end))
    .map(({ 0: word, index }) => {
      const excerpt = text
        .slice(text.lastIndexOf('\n', index) + 1)
        .split('\n', 1)[0]
        .trim();
      return { file, line: text.slice(0, index).split('\n').length, word: word.replace(/\s+/g, ' '), excerpt };
    });
}

/** Returns the ranges of all comments and of the texts of all strings and templates. */
function proseOf(text) {
  const ranges = new Map();
  walk(parse(text), (node) => {
    if (isText(node)) ranges.set(node.getStart(), node.end);
    for (const { pos, end } of commentsOf(text, node)) ranges.set(pos, end);
  });
  return [...ranges];
}

/** Returns the ranges of the titles of `describe`, `it` and `test`, also with `each` and `only`. */
function titlesOf(text) {
  const ranges = [];
  walk(parse(text), (node) => {
    if (!ts.isCallExpression(node) || !/^(?:describe|it|test)\b/.test(node.expression.getText())) return;
    const [title] = node.arguments;
    if (title && ts.isStringLiteralLike(title)) ranges.push([title.getStart(), title.end]);
  });
  return ranges;
}

/** Returns the names of variables, parameters, functions and types that contain a word of `bannedInNames`. */
function bannedNames(file) {
  const text = readFileSync(join(root, file), 'utf8');
  const found = [];
  walk(parse(text), (node) => {
    if (!ts.isIdentifier(node) || node.parent.name !== node || !isDeclaration(node.parent)) return;
    const word = node.text.split(/(?=[A-Z])|[_$]/).find((part) => bannedInNames.has(part.toLowerCase()));
    if (!word) return;
    const line = text.slice(0, node.getStart()).split('\n').length;
    found.push({ file, line, word: `name with "${word}"`, excerpt: node.text });
  });
  return found;
}

/** Whether a node gives its name: not a member access, an import, or a member of an object that may have a type of `lib/`. */
function isDeclaration(node) {
  return (
    ts.isVariableDeclaration(node) ||
    ts.isParameter(node) ||
    ts.isBindingElement(node) ||
    ts.isFunctionDeclaration(node) ||
    ts.isTypeElement(node) ||
    ts.isInterfaceDeclaration(node) ||
    ts.isTypeAliasDeclaration(node)
  );
}

/**
 * Returns the messages of typed errors that do not have the form `operation: what failed (detail)`. A message is a literal, or a
 * constant.
 */
function errorsWithoutOperation(file) {
  const text = readFileSync(join(root, file), 'utf8');
  const found = [];
  walk(parse(text), (node) => {
    if (!ts.isNewExpression(node) || !typedErrors.has(node.expression.getText())) return;
    for (const literal of literalsOf(node.arguments?.[0])) {
      const message = messageOf(literal);
      if (operationForm.test(message) || /^X+(?: \(X\))?$/.test(message)) continue;
      const line = text.slice(0, literal.getStart()).split('\n').length;
      found.push({ file, line, word: 'message without `operation: `', excerpt: literal.getText() });
    }
  });
  return found;
}

/** Returns the text of a literal, with X for each expression. A constant at the start is replaced with its own text. */
function messageOf(literal) {
  const text = literal
    .getText()
    .slice(1, -1)
    .replaceAll(/\$\{(?:[^{}]|\{[^{}]*\})*\}/g, 'X');
  if (!ts.isTemplateExpression(literal) || literal.head.text !== '') return text;
  const [constant] = literalsOf(literal.templateSpans[0].expression);
  return constant ? messageOf(constant) + text.slice(1) : text;
}

function literalsOf(node) {
  if (!node) return [];
  if (ts.isStringLiteralLike(node) || ts.isTemplateExpression(node)) return [node];
  if (ts.isConditionalExpression(node)) return [...literalsOf(node.whenTrue), ...literalsOf(node.whenFalse)];
  if (!ts.isIdentifier(node)) return [];
  for (let scope = node.parent; scope; scope = scope.parent) {
    if (!ts.isBlock(scope) && !ts.isSourceFile(scope)) continue;
    const constants = scope.statements
      .filter(ts.isVariableStatement)
      .flatMap((each) => each.declarationList.declarations);
    const constant = constants.find(({ name }) => name.getText() === node.text);
    if (constant) return literalsOf(constant.initializer);
  }
  return [];
}

function parse(text) {
  return ts.createSourceFile('source.ts', text, ts.ScriptTarget.Latest, true);
}

function walk(node, visit) {
  if (ts.isJSDoc(node)) return;
  visit(node);
  for (const child of node.getChildren()) walk(child, visit);
}

function isText(node) {
  return ts.isStringLiteralLike(node) || ts.isTemplateHead(node) || ts.isTemplateMiddleOrTemplateTail(node);
}

function commentsOf(text, { pos, end }) {
  return [...(ts.getLeadingCommentRanges(text, pos) ?? []), ...(ts.getTrailingCommentRanges(text, end) ?? [])];
}
