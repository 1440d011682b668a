// Takes sessions through faults for minutes: npm run soak -- --minutes 2 --seed 1 --sessions 10 --rate 500
// The same with a server of several nodes, on Redis: npm run soak -- --nodes --minutes 2 --sessions 20
import { parseArgs } from 'node:util';
import { brokenMusts } from './brokenMusts';
import { linesOf } from './linesOf';
import { brokenPromises, nodesLines, soakNodes } from './nodes/soakNodes';
import { runSoak } from './runSoak';

const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '2' },
    seed: { type: 'string', default: String(Math.floor(Math.random() * 2 ** 32)) },
    sessions: { type: 'string', default: '10' },
    rate: { type: 'string', default: '500' },
    nodes: { type: 'boolean', default: false },
    verbose: { type: 'boolean', default: false },
  },
});
const seconds = Math.ceil(Number(values.minutes) * 60);
const [seed, sessions, rate] = [values.seed, values.sessions, values.rate].map(Number) as [number, number, number];
if (![seconds, seed, sessions, rate].every((n) => Number.isSafeInteger(n) && n >= 0) || seconds * sessions * rate === 0)
  throw new Error('--minutes, --seed, --sessions and --rate are numbers');

const { lines, broken } = await (values.nodes ? throughNodes() : throughFaults());
for (const line of lines) console.log(line);
console.log(broken.length === 0 ? '\nall that must hold does' : `\nBROKEN: ${broken.join('; ')}`);
if (broken.length > 0) process.exitCode = 1;

function report(name: string, second: number): void {
  if (values.verbose) console.log(`${String(second).padStart(4)} s  ${name}`);
}

async function throughFaults() {
  console.log(
    `seed ${seed}: ${sessions} sessions, ${rate} notifications a second to each, a fault a second, ${seconds} s`,
  );
  const result = await runSoak({ seed, seconds, sessions, rate, onFault: ({ name }, second) => report(name, second) });
  return { lines: linesOf(result), broken: brokenMusts(result) };
}

async function throughNodes() {
  console.log(`seed ${seed}: 3 nodes, ${sessions} sessions, a fault every few seconds, ${seconds} s`);
  const result = await soakNodes({ seed, seconds, sessions, onFault: report });
  return { lines: nodesLines(result), broken: brokenPromises(result) };
}
