import { createRequire } from 'node:module';

const { resolve } = createRequire(import.meta.url);

/** A release of the official conformance suite, and which of its scenarios are run. */
export interface Suite {
  readonly release: string;
  readonly program: string;
  /** Lists the scenarios. */
  readonly list: readonly string[];
  /** What each run is told beside the scenario. */
  readonly run: readonly string[];
}

const version = ['--spec-version', '2025-11-25'];

/** The releases that are run. */
export const suites: readonly Suite[] = [
  {
    release: '0.1.16',
    program: resolve('@modelcontextprotocol/conformance/dist/index.js'),
    list: ['list'],
    run: [],
  },
  {
    release: '0.2.0-alpha.12',
    program: resolve('conformance-next/dist/index.js'),
    list: ['list', '--client', ...version],
    run: version,
  },
];
