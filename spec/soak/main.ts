// Runs sessions with faults for minutes, over several wires at the same time:
//   npm run soak -- --minutes 5 --seed 1 --sessions 3 --rate 100 --wires http,modern,stdio,deploy
// The same with a server of several nodes, on Redis: npm run soak -- --nodes --minutes 2 --sessions 20
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { unmetConditions, missedGoals } from './unmetConditions';
import { linesOf } from './linesOf';
import { unmetNodeConditions, nodesLines, soakNodes } from './nodes/soakNodes';
import { runSoak, wireNames } from './runSoak';

const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '2' },
    seed: { type: 'string', default: String(Math.floor(Math.random() * 2 ** 32)) },
    sessions: { type: 'string' },
    rate: { type: 'string', default: '100' },
    wires: { type: 'string', default: wireNames.join() },
    nodes: { type: 'boolean', default: false },
    verbose: { type: 'boolean', default: false },
  },
});
const seconds = Math.ceil(Number(values.minutes) * 60);
const sessions = Number(values.sessions ?? (values.nodes ? 20 : 3));
const [seed, rate] = [Number(values.seed), Number(values.rate)];
if (![seconds, seed, sessions, rate].every((n) => Number.isSafeInteger(n) && n >= 0) || seconds * sessions * rate === 0)
  throw new Error('--minutes, --seed, --sessions and --rate are numbers');

const { lines, broken } = await (values.nodes ? throughNodes() : throughFaults());
for (const line of lines) console.log(line);
console.log(broken.length === 0 ? '\nall conditions hold' : `\nNOT MET: ${broken.join('; ')}`);
if (broken.length > 0) process.exitCode = 1;

function report(name: string, second: number): void {
  if (values.verbose) console.log(`${String(second).padStart(4)} s  ${name}`);
}

async function throughFaults() {
  const wires = wireNames.filter((name) => values.wires.split(',').includes(name));
  if (wires.length === 0) throw new Error(`--wires: expected one or more of ${wireNames.join()}`);
  console.log(
    `seed ${seed}: ${wires.join()}, ${sessions} sessions each, ${rate} notifications a second to each session, ${seconds} s`,
  );
  // Bundled servers start faster.
  const programs = process.env['RX_MCP_PROGRAMS'] ?? mkdtempSync(join(tmpdir(), 'rx-mcp-soak-'));
  const isOwn = process.env['RX_MCP_PROGRAMS'] === undefined;
  process.env['RX_MCP_PROGRAMS'] = programs;
  const result = await runSoak({ seed, seconds, sessions, rate, wires, onFault: report });
  if (isOwn) rmSync(programs, { recursive: true });
  const missed = missedGoals(result).map((goal) => `goal missed: ${goal}`);
  return { lines: [...linesOf(result), ...missed], broken: unmetConditions(result) };
}

async function throughNodes() {
  console.log(`seed ${seed}: 3 nodes, ${sessions} sessions, a fault every few seconds, ${seconds} s`);
  const result = await soakNodes({ seed, seconds, sessions, onFault: report });
  return { lines: nodesLines(result), broken: unmetNodeConditions(result) };
}
