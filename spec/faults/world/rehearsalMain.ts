// Deploys of a server, in random order: npm run rehearsal -- --rounds 200 --seed 1
import { parseArgs } from 'node:util';
import { rehearse } from './rehearsal';

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '200' },
    seed: { type: 'string', default: String(Math.floor(Math.random() * 2 ** 32)) },
  },
});
const [rounds, seed] = [Number(values.rounds), Number(values.seed)];
console.log(`${rounds} deploys, seed ${seed}`);
const found = await rehearse(rounds, seed);
console.log(JSON.stringify(found, undefined, 2));
console.log(`${found.rounds} of ${rounds} rounds, ${found.problems.length} problems`);
process.exitCode = found.rounds === rounds && found.problems.length === 0 ? 0 : 1;
