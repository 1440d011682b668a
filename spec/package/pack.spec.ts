import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const { repository, homepage, bugs, files } = JSON.parse(readFileSync('package.json', 'utf8')) as {
  repository: { url: string };
  homepage: string;
  bugs: string;
  files: string[];
};
const base = repository.url.replace('git+', '').replace('.git', '');

let root: string;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'rx-mcp-pack-'));
  cpSync('README.md', join(root, 'README.md'));
  cpSync('docs', join(root, 'docs'), { recursive: true, filter: (file) => !file.includes('docs/api') });
});

afterEach(() => {
  rmSync(root, { recursive: true });
});

const run = (step: string) => execFileSync(process.execPath, [resolve('scripts/docs/pack.mjs'), step], { cwd: root });
const read = (file: string) => readFileSync(join(root, file), 'utf8');

describe('the packed package', () => {
  it('has repository, homepage and bugs of one owner', () => {
    expect(base).toMatch(/^https:\/\/github\.com\/[\w-]+\/rx-mcp$/);
    expect(homepage.startsWith(base)).toBe(true);
    expect(bugs.startsWith(base)).toBe(true);
    expect(files).toEqual(expect.arrayContaining(['llms.txt', 'llms-full.txt']));
  });

  it('has a README with absolute links only', () => {
    run('prepack');

    const targets = [...read('README.md').matchAll(/\]\(([^)\s]+)\)/g)].map(([, target]) => target);

    expect(targets.length).toBeGreaterThan(10);
    expect(targets.filter((target) => !target?.startsWith('https://'))).toEqual([]);
    expect(targets).toContain(`${base}/blob/main/docs/README.md`);
    expect(targets).toContain(`${base}/raw/main/docs/images/dashboard.png`);
  });

  it('has a README without the notes for readers of the repository', () => {
    expect(read('README.md')).toContain('not on npm yet');

    run('prepack');

    expect(read('README.md')).not.toMatch(/not on npm yet|<!--/);
    expect(read('llms-full.txt')).not.toMatch(/not on npm yet|<!-- repository only/);
  });

  it('has an index of all pages, and their text, for language models', () => {
    run('prepack');

    const pages = readdirSync('docs').filter((file) => file.endsWith('.md') && file !== 'README.md');
    const index = read('llms.txt');
    const text = read('llms-full.txt');

    expect(index).toMatch(/^# rx-mcp\n\n> RxJS for the Model Context Protocol: /);
    expect(pages.filter((page) => !index.includes(`(${base}/blob/main/docs/${page})`))).toEqual([]);
    expect(pages.filter((page) => !text.includes(readFileSync(`docs/${page}`, 'utf8').split('\n', 1)[0]!))).toEqual([]);
  });

  it('leaves the repository as it was', () => {
    const before = read('README.md');

    run('prepack');
    run('prepack');
    run('postpack');

    expect(read('README.md')).toBe(before);
    expect(readdirSync(root).sort()).toEqual(['README.md', 'docs']);
  });
});
