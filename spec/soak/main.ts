// Sessions that go through faults for minutes: npm run soak -- --minutes 2 --seed 1 --sessions 10 --rate 500
import { parseArgs } from 'node:util';
import { brokenMusts } from './brokenMusts';
import { linesOf } from './linesOf';
import { runSoak } from './runSoak';

const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '2' },
    seed: { type: 'string', default: String(Math.floor(Math.random() * 2 ** 32)) },
    sessions: { type: 'string', default: '10' },
    rate: { type: 'string', default: '500' },
    verbose: { type: 'boolean', default: false },
  },
});
const seconds = Math.ceil(Number(values.minutes) * 60);
const [seed, sessions, rate] = [values.seed, values.sessions, values.rate].map(Number) as [number, number, number];
if (![seconds, seed, sessions, rate].every((n) => Number.isSafeInteger(n) && n >= 0) || seconds * sessions * rate === 0)
  throw new Error('--minutes, --seed, --sessions and --rate are numbers');

console.log(
  `seed ${seed}: ${sessions} sessions, ${rate} notifications a second to each, a fault a second, ${seconds} s`,
);
const onFault = ({ name }: { name: string }, second: number): void => {
  if (values.verbose) console.log(`${String(second).padStart(4)} s  ${name}`);
};
const report = await runSoak({ seed, seconds, sessions, rate, onFault });
for (const line of linesOf(report)) console.log(line);
const broken = brokenMusts(report);
console.log(broken.length === 0 ? '\nall that must hold does' : `\nBROKEN: ${broken.join('; ')}`);
if (broken.length > 0) process.exitCode = 1;
