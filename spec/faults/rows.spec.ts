import { existsSync, readdirSync, readFileSync } from 'node:fs';

const rows = readFileSync('spec/faults/README.md', 'utf8')
  .split('\n')
  .filter((line) => line.startsWith('|') && line.includes('`'))
  .map((line) => line.split('|').map((cell) => cell.trim()))
  .map((cells) => ({ row: cells[1]!, specs: [...cells.at(-2)!.matchAll(/`([^`]+)`/g)].map(([, name]) => name!) }));

describe('the tables of faults', () => {
  it('have every numbered row, in order', () => {
    const numbers = rows.map(({ row }) => row).filter((row) => /^\d+$/.test(row));

    expect(numbers).toEqual(Array.from({ length: 34 }, (_, index) => String(index + 1)));
  });

  it.each(rows)('name existing specs: $row', ({ specs }) => {
    expect(specs.length).toBeGreaterThan(0);
    expect(specs.filter((name) => !existsSync(`spec/faults/${name}.spec.ts`))).toEqual([]);
  });

  it('name all specs', () => {
    const named = new Set(rows.flatMap(({ specs }) => specs));
    const files = readdirSync('spec/faults', { recursive: true, encoding: 'utf8' });
    const specs = files.filter((file) => file.endsWith('.spec.ts')).map((file) => file.replace(/\.spec\.ts$/, ''));

    expect(specs.filter((name) => name !== 'rows' && !named.has(name))).toEqual([]);
  });
});
