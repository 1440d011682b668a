import { existsSync, readdirSync, readFileSync } from 'node:fs';

const [faults = '', ...sections] = readFileSync('spec/faults/README.md', 'utf8').split(/^## /m);
const ofServers = sections.find((section) => section.startsWith('Clients of a server'))!;

const rowsOf = (section: string) =>
  section
    .split('\n')
    .filter((line) => line.startsWith('|') && line.includes('`'))
    .map((line) => line.split('|').map((cell) => cell.trim()))
    .map((cells) => ({ row: cells[1]!, specs: [...cells.at(-2)!.matchAll(/`([^`]+)`/g)].map(([, name]) => name!) }));
const rows = [faults, ...sections].flatMap(rowsOf);
const specsIn = (directory: string) =>
  readdirSync(directory, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.spec.ts'))
    .map((file) => file.replace(/\.spec\.ts$/, ''));

describe('the tables of faults', () => {
  it.each([
    ['clients', faults, 34],
    ['servers', ofServers, 11],
  ])('have every numbered row, in order: %s', (_, section, length) => {
    const numbers = rowsOf(section)
      .map(({ row }) => row)
      .filter((row) => /^\d+$/.test(row));

    expect(numbers).toEqual(Array.from({ length }, (_, index) => String(index + 1)));
  });

  it.each(rows)('name existing specs: $row', ({ specs }) => {
    expect(specs.length).toBeGreaterThan(0);
    expect(specs.filter((name) => !existsSync(`spec/faults/${name}.spec.ts`))).toEqual([]);
  });

  it('name all specs', () => {
    const named = new Set(rows.flatMap(({ specs }) => specs));
    const specs = [
      ...specsIn('spec/faults'),
      ...specsIn('spec/server/faults').map((name) => `../server/faults/${name}`),
    ];

    expect(specs.filter((name) => name !== 'rows' && !named.has(name))).toEqual([]);
  });
});
