import { NothingChecked } from '../harness/nothingChecked';
import type { ProofCase } from '../harness/proofCase';
import { runCases } from '../harness/runCases';

/** Cases that do not hold, each in its own way. */
const cases: readonly ProofCase[] = [
  { name: 'rejects', seconds: 5, run: () => Promise.reject(new Error('no')) },
  { name: 'never settles', seconds: 0.1, run: () => new Promise(() => {}) },
  { name: 'checks nothing', seconds: 5, run: () => Promise.reject(new NothingChecked()) },
  { name: 'holds', seconds: 5, run: () => Promise.resolve() },
];

await runCases('poor cases', cases);
