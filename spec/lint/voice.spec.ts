import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

let root: string;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'voice-'));
});

afterEach(() => {
  rmSync(root, { recursive: true });
});

/** Runs the lint on a folder with these files. Returns the printed lines and the exit code. */
function lint(files: Record<string, string>) {
  for (const [file, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, file)), { recursive: true });
    writeFileSync(join(root, file), text);
  }
  const { stdout, status } = spawnSync(process.execPath, ['scripts/lint/voice.mjs', root], { encoding: 'utf8' });
  return { lines: stdout.split('\n').filter(Boolean), status };
}

describe('the voice lint', () => {
  it('reports file, line, word and excerpt, and exits with 1', () => {
    expect(lint({ 'README.md': '# Title\n\nNobody reads this.\n' })).toEqual({
      lines: ['README.md:3  Nobody  Nobody reads this.'],
      status: 1,
    });
  });

  it('exits with 0 when nothing matches', () => {
    expect(lint({ 'README.md': 'Cannot happen.', 'lib/a.ts': '/** Returns one. */' })).toEqual({
      lines: [],
      status: 0,
    });
  });

  it('reports every phrase of the list', () => {
    const phrases = [
      ...['nobody', 'somebody', 'whoever', 'anew', 'afresh', 'for ever', 'can not', 'at the most', 'at the least'],
      ...['is told', 'are told', 'what it has to be', 'by itself', 'what is no request', 'what are no requests'],
      ...['hears', 'hear', 'heard', 'tells', 'tell', 'told', 'unasked', 'unasked-for', 'is asked', 'are asked'],
      ...['take note', 'takes note', 'goes on', 'all the same', 'without a word'],
      ...[
        'others wrote',
        'others make',
        'of the moment',
        'of that moment',
        'otherwise than',
        'says nothing',
        'says so',
      ],
      ...['as it came', 'as they came', 'lie between', 'lies between'],
      ...['went on', 'also if', 'also over', 'speaks', 'mend', 'mended', 'act out', 'acts them out', 'comes and goes'],
      ...['deaf', 'in vain', 'whatever the'],
    ];

    const { lines } = lint({ 'docs/page.md': phrases.map((phrase) => `a ${phrase} b\n`).join('') });

    expect(lines.map((line) => line.split('  ')[2])).toEqual(phrases.map((phrase) => `a ${phrase} b`));
  });

  it('accepts plain English that looks similar', () => {
    const phrases = [
      'there is no stream',
      'There are no streams',
      'is no longer open',
      'is not open',
      'forever',
      'at most',
    ];

    expect(lint({ 'docs/page.md': phrases.join('\n') }).lines).toEqual([]);
  });

  it('reports comments and strings of sources, but not identifiers', () => {
    const source = [
      'const nobody = 1; // is told',
      'function f() {',
      '  /* by itself */',
      '}',
      "throw new Error('can not');",
      'const a = `somebody ${nobody} anew ${f} afresh`;',
    ].join('\n');

    const { lines } = lint({ 'lib/a.ts': source });

    expect(lines.map((line) => line.split('  ').slice(0, 2).join(' ')).sort()).toEqual([
      'lib/a.ts:1 is told',
      'lib/a.ts:3 by itself',
      'lib/a.ts:5 can not',
      'lib/a.ts:6 afresh',
      'lib/a.ts:6 anew',
      'lib/a.ts:6 somebody',
    ]);
  });

  it('reports a phrase that continues on the next line of a comment', () => {
    const { lines } = lint({ 'lib/a.ts': '/**\n * The server is\n * told.\n */\n// It can\n// not.\n' });

    expect(lines.map((line) => line.split('  ')[0])).toEqual(['lib/a.ts:2', 'lib/a.ts:5']);
  });

  it('reports titles of specs, but not their comments and values', () => {
    const source = [
      "describe('nobody', () => {",
      "  it('is told', () => call('somebody')); // by itself",
      "  it.each([1])('for ever %i', () => {});",
      '  test.only(`anew`, () => {});',
      '});',
    ].join('\n');

    const { lines } = lint({ 'spec/a.spec.ts': source, 'spec/cases.ts': "it('is told', f); // whoever" });

    expect(lines.map((line) => line.split('  ')[0])).toEqual([
      ...[1, 2, 3, 4].map((line) => `spec/a.spec.ts:${line}`),
      'spec/cases.ts:1',
    ]);
  });

  it('reports names that specs declare, but not those that they use', () => {
    const source = [
      'const heard = 1;',
      'function isDeaf(hadTold: number): void {}',
      'interface A { patienceMs: number }',
      'const { asked } = a;',
      'use({ lastHeardAt: 1 }, a.told, retold, (value) => value.heard);',
    ].join('\n');

    expect(lint({ 'spec/a.ts': source, 'examples/a.ts': source }).lines).toEqual([
      'spec/a.ts:1  name with "heard"  heard',
      'spec/a.ts:2  name with "Deaf"  isDeaf',
      'spec/a.ts:2  name with "Told"  hadTold',
      'spec/a.ts:3  name with "patience"  patienceMs',
      'spec/a.ts:4  name with "asked"  asked',
    ]);
  });

  it('leaves out the generated reference and installed packages', () => {
    const text = 'nobody';

    expect(lint({ 'docs/api/a.md': text, 'examples/app/node_modules/b/c.ts': `// ${text}` }).lines).toEqual([]);
  });

  it('reports messages of typed errors that do not begin with the operation', () => {
    const errors = 'export class ServerError extends Error {}';
    const code = [
      "new ServerError('the server closed');",
      'new ServerError(`not subscribed to ${uri} (listen: false)`);',
      'function f() { const message = `no handler for ${method}`; throw new ServerError(message); }',
      "new ServerError('sending: not connected');",
      'new ServerError(`${method}: cancelled`);',
      'new ServerError(`reading the file ${name}: not found (${reason})`);',
      'function g() { const prefix = `${operation}: HTTP 200`; throw new ServerError(`${prefix} without content`); }',
      "new Error('ended by the server');",
    ].join('\n');

    const { lines, status } = lint({ 'lib/errors.ts': errors, 'lib/a.ts': code, 'examples/a.ts': code });

    expect(lines.map((line) => line.split('  ')[0])).toEqual(['lib/a.ts:1', 'lib/a.ts:2', 'lib/a.ts:3']);
    expect(status).toBe(1);
  });
});
