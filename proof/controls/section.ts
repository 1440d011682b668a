import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { NothingChecked, type ProofCase } from '../harness/proofCase';
import { runCases } from '../harness/runCases';

// Sections that are intentionally wrong: tsx controls/section.ts poorCases|openTimer|leftProcess|stopsEarly
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
  const client = fileURLToPath(new URL('client.mjs', import.meta.url));
  spawn(process.execPath, [client, 'hanging'], { stdio: 'ignore' }).unref();
}
await runCases('control', kind === 'poorCases' ? poorCases : []);
