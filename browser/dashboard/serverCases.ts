import assert from 'node:assert/strict';
import type { Page } from 'playwright-core';
import type { BrowserCase } from '../harness/browserCase';

/** Cases for servers: status, tools, calls, roots, kill and start. */
export function serverCases(page: Page): BrowserCase[] {
  const card = (name: string) => page.locator('.card', { hasText: name });
  const listening = (name: string) => card(name).getByText('Listening').waitFor();

  return [
    {
      name: 'the dashboard shows both servers as listening',
      run: async () => {
        await listening('workshop');
        await listening('archive');
        return (await card('workshop').locator('.status').textContent()) ?? '';
      },
    },
    {
      name: 'a tool is marked when it is added, and when it is removed',
      run: async () => {
        const weather = page.locator('#tools li', { hasText: 'weather' });
        await page.getByRole('button', { name: 'Toggle a tool' }).click();
        await page.locator('#tools [data-mark=added]', { hasText: 'weather' }).waitFor();
        await page.getByRole('button', { name: 'Toggle a tool' }).click();
        await page.locator('#tools [data-mark=removed]', { hasText: 'weather' }).waitFor();
        await weather.waitFor({ state: 'detached' });
        return undefined;
      },
    },
    {
      name: 'a call shows its progress, and can be cancelled',
      run: async () => {
        await page.getByRole('button', { name: 'Long task' }).click();
        await page.locator('.call', { hasText: /step \d+ of 40/ }).waitFor();
        await page.getByRole('button', { name: 'Cancel long_task' }).click();
        const call = page.locator('.call[data-state=cancelled]');
        await call.waitFor();
        const done = Number(await call.getByRole('progressbar').getAttribute('aria-valuenow'));
        assert.ok(done > 0 && done < 100, `it was cancelled at ${done} %`);
        return `at ${done} %`;
      },
    },
    {
      name: 'invalid roots show their error beside the field, and the server reads valid ones',
      run: async () => {
        const uri = page.getByLabel('URI of the root');
        await uri.fill('http://example.com');
        await uri.press('Enter');
        const problem = page.locator('#roots .field-error', { hasText: 'file://' });
        await problem.waitFor();
        assert.equal(await uri.getAttribute('aria-invalid'), 'true');
        assert.equal(await uri.getAttribute('aria-describedby'), await problem.getAttribute('id'));

        await uri.fill('file:///elsewhere');
        await uri.press('Enter');
        await page.getByText('the server read 1').waitFor();
        assert.equal(await uri.getAttribute('aria-invalid'), 'false');
        return undefined;
      },
    },
    {
      name: 'a server that was killed counts down to each attempt, and leaves a gap on the time line',
      run: async () => {
        await page.getByRole('button', { name: 'Kill workshop' }).click();
        await card('workshop')
          .getByText(/attempt \d+ in \d\.\d s/)
          .waitFor();
        await page.getByRole('button', { name: 'Start workshop' }).click();
        await listening('workshop');
        await page.locator('.lane', { hasText: 'workshop' }).locator('.gap').waitFor();
        await page.locator('.trouble[data-kind=gap]', { hasText: 'workshop' }).waitFor();
        assert.equal(await page.locator('.lane', { hasText: 'archive' }).locator('.gap').count(), 0);
        return (await page.locator('.lane .gap').first().getAttribute('title'))?.split(',')[0] ?? '';
      },
    },
  ];
}
