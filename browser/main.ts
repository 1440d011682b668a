// Tests the library and the page of dashboard/ in a real browser: npm run browser [-- --screenshot]
import { parseArgs } from 'node:util';
import { dashboard } from './dashboard/dashboard';
import { openBrowser } from './harness/openBrowser';
import { runSections } from './harness/runSections';
import { library } from './library';
import { screenshot } from './screenshot';

const { values } = parseArgs({ options: { screenshot: { type: 'boolean', default: false } } });

async function main(): Promise<void> {
  const browser = await openBrowser();
  try {
    if (values.screenshot) {
      console.log(`${await screenshot(browser)} is written`);
      return;
    }
    const { passed, failed } = await runSections(browser, [library, dashboard]);
    console.log(`\n${passed} passed, ${failed} failed`);
    if (failed > 0 || passed === 0) process.exitCode = 1;
  } finally {
    await browser.close();
  }
}

try {
  await main();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
