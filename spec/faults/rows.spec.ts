import { existsSync, readdirSync, readFileSync } from 'node:fs';

const rows = readFileSync('spec/faults/README.md', 'utf8')
  .split('\n')
  .filter((line) => /^\| (\d| {3})/.test(line))
  .map((line) => line.split('|').map((cell) => cell.trim()))
  .map(([, row = '', , specs = '']) => ({ row, specs: [...specs.matchAll(/`([^`]+)`/g)].map(([, name]) => name!) }));

describe('the table of faults', () => {
  it('has every row, in order', () => {
    const numbers = rows.map(({ row }) => row).filter((row) => row !== '');

    expect(numbers).toEqual(Array.from({ length: 34 }, (_, index) => String(index + 1)));
  });

  it.each(rows)('names existing specs: row $row', ({ specs }) => {
    expect(specs.length).toBeGreaterThan(0);
    expect(specs.filter((name) => !existsSync(`spec/faults/${name}.spec.ts`))).toEqual([]);
  });

  it('names all specs', () => {
    const named = new Set(rows.flatMap(({ specs }) => specs));
    const files = readdirSync('spec/faults', { recursive: true, encoding: 'utf8' });
    const specs = files.filter((file) => file.endsWith('.spec.ts')).map((file) => file.replace(/\.spec\.ts$/, ''));

    expect(specs.filter((name) => name !== 'rows' && !named.has(name))).toEqual([]);
  });
});
