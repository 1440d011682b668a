import type { Browser } from 'playwright-core';
import { startDashboard } from './harness/startDashboard';

const file = 'docs/images/dashboard.png';

/** Takes the picture of the dashboard for the guides, with two minutes of activity on its time line. */
export async function screenshot(browser: Browser): Promise<string> {
  const running = await startDashboard();
  try {
    const page = await browser.newPage({ viewport: { width: 1280, height: 800 }, colorScheme: 'dark' });
    const pass = (seconds: number) => page.waitForTimeout(seconds * 1000);
    const press = async (...keys: string[]) => {
      for (const key of keys) await page.keyboard.press(key);
    };
    const order = (what: 'Kill' | 'Start', name: string) =>
      page.getByRole('button', { name: `${what} ${name}` }).click();
    await page.goto(running.url);

    await pass(18);
    await press('l');
    await pass(14);
    await order('Kill', 'workshop');
    await pass(5);
    await order('Start', 'workshop');
    await pass(20);
    await press('b');
    await pass(8);
    await press('s', 'l');
    await pass(14);
    await press('s', 'l');
    await pass(10);
    await press('b');
    await pass(12);
    await order('Kill', 'archive');
    await pass(2);
    await press('l');
    await pass(3);
    await press('t');
    await page.locator('#tools [data-mark=added]').waitFor();
    await page.evaluate(() => (document.activeElement as HTMLElement).blur());
    await pass(1);
    await page.screenshot({ path: file });
    return file;
  } finally {
    await running.stop();
  }
}
