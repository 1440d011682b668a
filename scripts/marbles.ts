// Draws docs/images/marbles/*.txt as SVGs beside them: `npx tsx scripts/marbles.ts`.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { drawDiagram } from './marbles/drawDiagram';
import { readDiagram } from './marbles/readDiagram';

const folder = 'docs/images/marbles';
for (const file of readdirSync(folder).filter((name) => name.endsWith('.txt'))) {
  const diagram = readDiagram(readFileSync(`${folder}/${file}`, 'utf8'));
  writeFileSync(`${folder}/${file.replace(/\.txt$/, '.svg')}`, drawDiagram(diagram));
}
