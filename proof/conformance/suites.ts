import { createRequire } from 'node:module';

const { resolve } = createRequire(import.meta.url);

/** A release of the official conformance suite, with a version of the protocol, and which of its scenarios are run. */
export interface Suite {
  readonly name: string;
  readonly program: string;
  /** Lists the scenarios. */
  readonly list: readonly string[];
  /** What each run is told beside the scenario. */
  readonly run: readonly string[];
}

const older = resolve('@modelcontextprotocol/conformance/dist/index.js');
const newer = resolve('conformance-next/dist/index.js');

function newerWith(version: string): Suite {
  const run = ['--spec-version', version];
  return { name: `0.2.0-alpha.12, ${version}`, program: newer, list: ['list', '--client', ...run], run };
}

/** What is run. The last two come from one release; which version of the protocol is spoken, it tells the client. */
export const suites: readonly [older: Suite, legacy: Suite, modern: Suite] = [
  { name: '0.1.16', program: older, list: ['list'], run: [] },
  newerWith('2025-11-25'),
  newerWith('2026-07-28'),
];
