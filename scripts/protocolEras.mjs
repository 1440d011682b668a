// Runs the contract, and writes the compatibility table to docs/protocol-eras.md: `npm run eras`.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const document = new URL('../docs/protocol-eras.md', import.meta.url);
const [begin, end] = ['<!-- made by scripts/protocolEras.mjs -->', '<!-- end -->'];

function results() {
  const dir = mkdtempSync(join(tmpdir(), 'rx-mcp-eras-'));
  const file = join(dir, 'results.json');
  try {
    execFileSync('npx', ['jest', 'spec/contract', '--json', '--outputFile', file], { stdio: 'inherit' });
    return JSON.parse(readFileSync(file, 'utf8')).testResults.flatMap(({ assertionResults }) => assertionResults);
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}

const reasons = [];
const tables = new Map();

for (const { ancestorTitles, title, status } of results()) {
  const [server, transport, engine] = ancestorTitles[0].split(' | ');
  const [promise, reason] = title.split(' | ');
  if (reason && !reasons.includes(reason)) reasons.push(reason);
  const mark = status !== 'passed' ? '✗' : reason ? `[${reasons.indexOf(reason) + 1}]` : '✓';
  const rows = tables.get(server) ?? new Map();
  tables.set(server, rows);
  const row = rows.get(promise) ?? new Map();
  rows.set(promise, row.set(`${transport}, ${engine}`, mark));
}

const lines = [];
for (const [server, rows] of tables) {
  const columns = [...new Set([...rows.values()].flatMap((row) => [...row.keys()]))];
  lines.push(
    `### A server of ${server}`,
    '',
    `| | ${columns.join(' | ')} |`,
    `|---|${columns.map(() => '---|').join('')}`,
  );
  for (const [promise, row] of rows) {
    lines.push(`| ${promise} | ${columns.map((column) => row.get(column) ?? '').join(' | ')} |`);
  }
  lines.push('');
}
lines.push(...reasons.map((reason, index) => `${index + 1}. ${reason}`));

const text = readFileSync(document, 'utf8');
const [before] = text.split(begin);
const [, after] = text.split(end);
writeFileSync(document, `${before}${begin}\n\n${lines.join('\n')}\n\n${end}${after}`);
