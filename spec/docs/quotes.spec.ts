import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { pages } from './pages';
import { type PageQuote, quotesIn } from './quotesIn';

const folder = 'examples/packages';
const packages = readdirSync(folder).filter((name) => existsSync(`${folder}/${name}/package.json`));
const quotes = pages.flatMap((page) => quotesIn(page));

/** The quotes that differ from their files, by page and line. */
const outdated = (given: readonly PageQuote[]): string[] =>
  given
    .filter(({ path, text }) => !existsSync(path) || readFileSync(path, 'utf8') !== text)
    .map(({ file, line, path }) => `${file}:${line}: ${path}`);

/** The files of a package that readers copy: its sources, without tests, fakes and configuration. */
const sourcesOf = (name: string): string[] =>
  readdirSync(`${folder}/${name}`)
    .filter((file) => /\.(?:tsx?|vue|svelte)$/.test(file) && !/^fake|\.(?:test|config)\./.test(file))
    .map((file) => `${folder}/${name}/${file}`);

describe('files that the pages show', () => {
  it('are equal to the files of the packages', () => {
    expect(quotes.length).toBeGreaterThan(3);
    expect(outdated(quotes)).toEqual([]);
  });

  it('are all sources of each package', () => {
    const shown = quotes.map(({ path }) => path);

    expect(packages.flatMap(sourcesOf).filter((path) => !shown.includes(path))).toEqual([]);
  });

  it('are in the language of their extension', () => {
    expect(quotes.filter(({ path, language }) => !path.endsWith(`.${language}`))).toEqual([]);
  });

  it('are reported when they differ', () => {
    const page = ['[`LICENSE`](../LICENSE):', '', '```text', 'another text', '```'].join('\n');

    expect(outdated(quotesIn('docs/page.md', page))).toEqual(['docs/page.md:4: LICENSE']);
  });
});

describe('packages in examples/', () => {
  const { workspaces } = JSON.parse(readFileSync(`${folder}/package.json`, 'utf8')) as { workspaces: string[] };

  it('are installed together', () => {
    expect([...workspaces].sort()).toEqual(packages);
  });

  it.each(packages)('%s pins its dependencies and has a test', (name) => {
    const manifest = JSON.parse(readFileSync(`${folder}/${name}/package.json`, 'utf8')) as Record<string, object>;
    const versions = Object.values({ ...manifest['dependencies'], ...manifest['devDependencies'] });

    expect(manifest['scripts']).toHaveProperty('test');
    expect(versions.filter((version) => !/^\d+\.\d+\.\d+$/.test(String(version)))).toEqual([]);
  });
});
