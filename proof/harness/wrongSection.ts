import { spawn } from 'node:child_process';
import { NothingChecked, type ProofCase } from './proofCase';
import { runCases } from './runCases';

// Sections that are intentionally wrong: tsx harness/wrongSection.ts poorCases|openTimer|leftProcess|stopsEarly
const [, , kind] = process.argv;

const poorCases: readonly ProofCase[] = [
  { name: 'rejects', seconds: 5, run: () => Promise.reject(new Error('no')) },
  { name: 'never settles', seconds: 0.1, run: () => new Promise(() => {}) },
  { name: 'checks nothing', seconds: 5, run: () => Promise.reject(new NothingChecked()) },
  { name: 'holds', seconds: 5, run: () => Promise.resolve() },
];

if (kind === 'stopsEarly') process.exit(7);
if (kind === 'openTimer') setInterval(() => {}, 1_000);
if (kind === 'leftProcess') {
  spawn(process.execPath, ['-e', 'setInterval(() => {}, 1_000)'], { stdio: 'ignore' }).unref();
}
await runCases('control', kind === 'poorCases' ? poorCases : []);
