import assert from 'node:assert/strict';
import type { Browser } from 'playwright-core';
import type { Section } from '../harness/section';
import { startDashboard } from '../harness/startDashboard';
import { feedCases } from './feedCases';
import { keyboardCases } from './keyboardCases';
import { lookCases } from './lookCases';
import { recordingCases } from './recordingCases';
import { serverCases } from './serverCases';

/** Tests the page of dashboard/ through its user interface. */
export async function dashboard(browser: Browser): Promise<Section> {
  const running = await startDashboard();
  const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
  const uncaught: string[] = [];
  page.on('pageerror', ({ message }) => uncaught.push(message));
  await page.goto(running.url);

  return {
    cases: [
      ...serverCases(page),
      ...feedCases(page),
      ...recordingCases(page),
      ...keyboardCases(page),
      ...lookCases(page),
      {
        name: 'the dashboard throws no uncaught error, and exits on SIGINT',
        run: async () => {
          assert.deepEqual(uncaught, []);
          assert.equal(await running.stop(), 0);
          return undefined;
        },
      },
    ],
    close: async () => {
      await page.close();
      await running.stop();
    },
  };
}
