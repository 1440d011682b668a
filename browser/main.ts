// The library, and the page in examples/dashboard, in a real browser: npm run browser
import { openBrowser } from './harness/openBrowser';
import { runCases } from './harness/runCases';
import { library } from './library';

const sections = [library];

async function main(): Promise<void> {
  const browser = await openBrowser();
  let [passed, failed] = [0, 0];
  try {
    for (const open of sections) {
      const section = await open(browser);
      try {
        const counts = await runCases(section.cases);
        passed += counts.passed;
        failed += counts.failed;
      } finally {
        await section.close();
      }
    }
  } finally {
    await browser.close();
  }
  console.log(`\n${passed} passed, ${failed} failed`);
  if (failed > 0 || passed === 0) process.exitCode = 1;
}

try {
  await main();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
