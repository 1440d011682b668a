import { existsSync } from 'node:fs';
import { type Browser, chromium } from 'playwright-core';

const program = process.env['CHROMIUM'] ?? '/usr/bin/chromium';

const args = [
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** Starts headless Chromium with a temporary profile. */
export function openBrowser(): Promise<Browser> {
  if (!existsSync(program)) {
    throw new Error(
      `starting Chromium: ${program} does not exist. On Debian: apt-get install chromium. Elsewhere: CHROMIUM=/path/to/it npm run browser`,
    );
  }
  return chromium.launch({ executablePath: program, headless: true, chromiumSandbox: false, args });
}
