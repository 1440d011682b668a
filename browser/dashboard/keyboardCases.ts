import assert from 'node:assert/strict';
import type { Page } from 'playwright-core';
import type { BrowserCase } from '../harness/browserCase';

/** Cases for use without a mouse. */
export function keyboardCases(page: Page): BrowserCase[] {
  const { keyboard } = page;
  const focused = () =>
    page.evaluate(() => {
      const { activeElement } = document;
      return (
        activeElement?.getAttribute('aria-label') ?? activeElement?.getAttribute('id') ?? activeElement?.textContent
      );
    });

  /** Presses Tab until an element has the focus. Returns the stops on the way. */
  async function tabTo(wanted: string): Promise<string[]> {
    const seen: string[] = [];
    for (let n = 0; n < 80; n++) {
      await keyboard.press('Tab');
      seen.push((await focused()) ?? '');
      if (seen.at(-1) === wanted) return seen;
    }
    throw new Error(`tabbing: ${wanted} was not reached (${seen.join(', ')})`);
  }

  return [
    {
      name: 'the first tab stop skips to the notifications, and each stop has a visible outline',
      run: async () => {
        await page.reload();
        await page.locator('.entry:visible').first().waitFor();
        const stops = await tabTo('Remove this root');
        assert.equal(stops[0], 'Skip to the notifications');
        const outline = await page.evaluate(() => getComputedStyle(document.activeElement!).outlineStyle);
        assert.equal(outline, 'solid');
        return `${stops.length} stops up to the roots`;
      },
    },
    {
      name: 'without a mouse: filter, choose a notification, read it',
      run: async () => {
        await keyboard.press('/');
        assert.equal(await focused(), 'feed-filter');
        await keyboard.type('heartbeat');
        await keyboard.press('Enter');
        assert.equal(await focused(), 'Notifications');
        await keyboard.press('ArrowUp');
        await keyboard.press('ArrowUp');
        await page.locator('#feed-detail', { hasText: 'count:' }).waitFor();
        const active = await page.locator('#feed-list').getAttribute('aria-activedescendant');
        assert.equal(await page.locator(`#${active}`).getAttribute('aria-selected'), 'true');
        await keyboard.press('Escape');
        await page.locator('#feed-detail', { hasText: 'Select a notification' }).waitFor();

        await keyboard.press('/');
        await keyboard.press('Escape');
        assert.equal(await page.locator('#feed-filter').inputValue(), '');
        assert.equal(await focused(), 'Notifications');
        await page.waitForFunction(() => !document.getElementById('feed-count')?.textContent.includes(' of '));
        return undefined;
      },
    },
    {
      name: 'without a mouse: choose a server, call, cancel, pause, and ask for help',
      run: async () => {
        await keyboard.press('s');
        assert.equal(await page.getByRole('radio', { name: 'archive' }).isChecked(), true);
        await keyboard.press('l');
        await page.locator('.call', { hasText: /step \d+ of 40/ }).waitFor();
        await page.evaluate(() => (document.activeElement as HTMLElement).blur());
        await page.locator('.skip').focus();
        await tabTo('Cancel long_task');
        await keyboard.press('Enter');
        await page.locator('.call[data-state=cancelled]').waitFor();
        assert.equal(await focused(), 'Dismiss long_task');
        await keyboard.press('p');
        await page.getByRole('button', { name: 'Resume' }).waitFor();
        await keyboard.press('p');
        await keyboard.press('?');
        await page.getByRole('dialog', { name: 'Shortcuts' }).waitFor();
        await keyboard.press('Escape');
        await page.getByRole('dialog').waitFor({ state: 'hidden' });
        return undefined;
      },
    },
  ];
}
