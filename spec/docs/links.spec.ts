import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { brokenLinksOf } from './brokenLinksOf';
import { linksIn } from './linksIn';
import { pages } from './pages';

/** Returns the files of the repository that a page links to. */
const targetsOf = (file: string): string[] =>
  linksIn(readFileSync(file, 'utf8'))
    .filter(({ target }) => !/^[a-z]+:/.test(target))
    .map(({ target }) => normalize(join(dirname(file), target.split('#')[0] ?? '')));

describe('links in the pages', () => {
  it('have no broken link and no missing image', () => {
    expect(pages.flatMap((page) => brokenLinksOf(page))).toEqual([]);
  });

  it('are reported when they are broken', () => {
    const page = [
      '# A page',
      '[good](README.md), [good](#a-page), ![bad](images/none.svg), `[code](none.md)`',
      '[bad](README.md#nowhere) and [bad](#b-page), [elsewhere](https://example.com)',
      '```ts',
      '// [code](none.md)',
      '```',
      '[bad]: none.md',
    ].join('\n');

    expect(brokenLinksOf('docs/page.md', page)).toEqual([
      'docs/page.md:2: images/none.svg',
      'docs/page.md:3: README.md#nowhere',
      'docs/page.md:3: #b-page',
      'docs/page.md:7: none.md',
    ]);
  });

  it('lead from the README to the list of pages, and from the list to each page', () => {
    const guides = pages.filter((page) => page.startsWith('docs/') && page !== 'docs/README.md');

    expect(targetsOf('README.md')).toContain('docs/README.md');
    expect(guides.filter((page) => !targetsOf('docs/README.md').includes(page))).toEqual([]);
  });

  it('name existing source files and existing scripts', () => {
    const { scripts } = JSON.parse(readFileSync('package.json', 'utf8')) as { scripts: Record<string, string> };
    const files = ['lib', 'spec', 'demo', 'examples'].flatMap((folder) =>
      readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((file) => `${folder}/${file}`),
    );
    const texts = pages.map((page) => readFileSync(page, 'utf8')).join('\n');
    const named = [...texts.matchAll(/`((?:[\w-]+\/)*[\w-]+\.ts)`/g)].map(([, file = '']) => file);
    const run = [...texts.matchAll(/npm run (\w+)/g)].map(([, script = '']) => script);

    expect(named.length).toBeGreaterThan(10);
    expect(named.filter((file) => !files.some((path) => path === file || path.endsWith(`/${file}`)))).toEqual([]);
    expect(run.filter((script) => !(script in scripts))).toEqual([]);
  });

  it('show each marble diagram', () => {
    const diagrams = readdirSync('docs/images/marbles')
      .filter((file) => file.endsWith('.svg'))
      .map((file) => `docs/images/marbles/${file}`);
    const shown = pages.flatMap((page) => targetsOf(page));

    expect(diagrams.filter((diagram) => !shown.includes(diagram))).toEqual([]);
  });
});
