// Prepares the files that only the packed package contains, and restores the folder afterwards:
//
//   prepack    README.md with absolute links; llms.txt, an index of the pages; llms-full.txt, their text.
//              Leaves out the blocks `<!-- repository only --> … <!-- end -->`.
//   postpack   the README.md of the repository, no llms files
import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { posix } from 'node:path';
import { urlOf, withAbsoluteLinks } from './packageUrls.mjs';

const original = '.README.md.orig';
const generated = ['llms.txt', 'llms-full.txt'];

if (process.argv[2] === 'prepack') {
  restore();
  const readme = packedText('README.md');
  writeFileSync('llms.txt', indexOf(readme));
  writeFileSync('llms-full.txt', textOf(readme));
  renameSync('README.md', original);
  writeFileSync('README.md', withAbsoluteLinks(readme, 'README.md'));
} else if (process.argv[2] === 'postpack') {
  restore();
  for (const file of generated) rmSync(file, { force: true });
} else {
  throw new Error('usage: pack.mjs prepack|postpack');
}

function restore() {
  if (existsSync(original)) renameSync(original, 'README.md');
}

/** Returns the text of a page without the notes for readers of the repository. */
function packedText(page) {
  return readFileSync(page, 'utf8').replaceAll(/<!-- repository only -->[^]*?<!-- end -->\n\n/g, '');
}

/** Returns the index in the format of https://llmstxt.org: title, summary, then the pages as docs/README.md describes them. */
function indexOf(readme) {
  const [title, summary] = readme.split('\n\n');
  const list = readFileSync('docs/README.md', 'utf8')
    .split('\n')
    .slice(1)
    .filter((line) => line.startsWith('- ') || line.startsWith('  ') || /^[A-Z]\w+( \w+)?:$/.test(line))
    .map((line) => line.replace(/^([A-Z].*):$/, '\n## $1\n'))
    .join('\n');
  return `${title}\n\n> ${summary.replaceAll('\n', ' ')}\n\nComplete text: ${urlOf('README.md')} and llms-full.txt in the package.\n${withAbsoluteLinks(list, 'docs/README.md')}\n`;
}

/** Returns the README and every page that docs/README.md lists, in that order, each with its address. */
function textOf(readme) {
  const listed = [...readFileSync('docs/README.md', 'utf8').matchAll(/\]\(([\w-]+\.md)\)/g)];
  const pages = [...new Set(listed.map(([, target]) => posix.join('docs', target)))];
  const texts = pages.map((page) => [page, withAbsoluteLinks(packedText(page), page)]);
  return [['README.md', withAbsoluteLinks(readme, 'README.md')], ...texts]
    .map(([page, text]) => `<!-- ${urlOf(page)} -->\n\n${text.trim()}\n`)
    .join('\n\n');
}
