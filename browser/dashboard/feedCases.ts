import assert from 'node:assert/strict';
import type { Page } from 'playwright-core';
import type { BrowserCase } from '../harness/browserCase';

/** Maximum number of rows in the page, for any number of entries. */
const maxRows = 60;

/** Cases for the feed: filters, pause, text of a server, 10,000 entries. */
export function feedCases(page: Page): BrowserCase[] {
  const rows = page.locator('.entry:visible');
  const count = page.locator('#feed-count');
  const filter = page.getByLabel('Filter by method');
  const list = page.getByRole('listbox', { name: 'Notifications' });

  const texts = async (part: 'method' | 'badge') => [...new Set(await rows.locator(`.${part}`).allTextContents())];
  /** Returns the rows once two frames show the same: a list that was resized is drawn in a later frame. */
  async function drawn(): Promise<string[]> {
    for (let seen = await rows.allTextContents(); ;) {
      await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
      const now = await rows.allTextContents();
      if (now.join('\n') === seen.join('\n')) return now;
      seen = now;
    }
  }

  async function call(tool: string, args: object): Promise<void> {
    await page.getByRole('combobox', { name: 'Tool' }).selectOption(tool);
    await page.getByLabel('Arguments').fill(JSON.stringify(args));
    await page.getByRole('button', { name: 'Call', exact: true }).click();
  }

  return [
    {
      name: 'the feed filters by a part of the method',
      run: async () => {
        await filter.fill('HEART');
        await page.waitForFunction(() =>
          [...document.querySelectorAll('.entry:not([hidden]) .method')].every(
            ({ textContent }) => textContent === 'custom/heartbeat',
          ),
        );
        assert.deepEqual(await texts('method'), ['custom/heartbeat']);
        await filter.fill('there is no such method');
        await page.getByText('No notification matches the filter.').waitFor();
        assert.equal(await rows.count(), 0);
        await filter.fill('');
        return undefined;
      },
    },
    {
      name: 'the feed filters by server',
      run: async () => {
        const chip = page.locator('#feed-servers').getByRole('button', { name: 'workshop' });
        await chip.click();
        await page.waitForFunction(() =>
          [...document.querySelectorAll('.entry:not([hidden]) .badge')].every(
            ({ textContent }) => textContent === 'archive',
          ),
        );
        assert.deepEqual(await texts('badge'), ['archive']);
        assert.equal(await chip.getAttribute('aria-pressed'), 'false');
        await chip.click();
        return undefined;
      },
    },
    {
      name: 'the paused feed does not change, and misses nothing',
      run: async () => {
        await page.getByRole('button', { name: 'Pause' }).click();
        await page.getByText(/· \d+ held/).waitFor();
        const before = await drawn();
        const held = Number(/(\d+) held/.exec((await count.textContent()) ?? '')?.[1]);
        await page.waitForFunction(
          (more) => Number(/(\d+) held/.exec(document.getElementById('feed-count')?.textContent ?? '')?.[1]) >= more,
          held + 3,
        );
        assert.deepEqual(await rows.allTextContents(), before);

        const total = () => count.textContent().then((text) => Number.parseInt(text ?? '', 10));
        const paused = await total();
        await page.getByRole('button', { name: 'Resume' }).click();
        await page.waitForFunction(() => !document.getElementById('feed-count')?.textContent.includes('held'));
        assert.ok((await total()) >= paused + 3);
        return undefined;
      },
    },
    {
      name: 'the raw traffic shows requests and their results, and an entry is read in full',
      run: async () => {
        await page.getByRole('button', { name: 'Traffic' }).click();
        await call('echo', { text: 'over the wire' });
        await filter.fill('tools/call');
        const result = page.locator('.entry:visible', { hasText: '← tools/call result' }).last();
        await result.waitFor();
        await page.locator('.entry:visible', { hasText: '→ tools/call' }).first().waitFor();
        await result.click();
        await page.locator('#feed-detail', { hasText: '"text": "over the wire"' }).waitFor();
        await filter.fill('');
        await page.getByRole('button', { name: 'Notifications', exact: true }).click();
        await page.getByRole('listbox', { name: 'Notifications' }).waitFor();
        return undefined;
      },
    },
    {
      name: 'text of a server is shown as text',
      run: async () => {
        const method = 'custom/<img src=x onerror=alert(1)>';
        await call('emit', { method, params: { text: '<b>bold</b>' } });
        await page.locator('.entry .method', { hasText: method }).waitFor();
        assert.equal(await page.locator('.feed img, .feed b').count(), 0);
        return undefined;
      },
    },
    {
      name: '10,000 notifications are a few rows in the page, and every one can be scrolled to',
      run: async () => {
        await call('burst', { count: 11_000 });
        await page.waitForFunction(() => document.getElementById('feed-count')?.textContent === '10,000');
        await page.getByRole('button', { name: 'Pause' }).click();
        await list.focus();
        await page.keyboard.press('Home');
        await page.locator('.entry[aria-posinset="1"][aria-selected=true]').waitFor();
        for (const place of [0.25, 0.5, 0.75]) {
          await list.evaluate((element, to) => (element.scrollTop = element.scrollHeight * to), place);
          const position = Math.round(10_000 * place) + 5;
          await page.locator(`.entry:visible[aria-posinset="${position}"]`).waitFor();
        }
        const shown = await rows.evaluateAll((all) => all.map((row) => Number(row.getAttribute('aria-posinset'))));
        assert.deepEqual(
          shown,
          shown.map((_, index) => shown[0]! + index),
          'rows are consecutive',
        );
        const inPage = await page.locator('.entry').count();
        assert.ok(inPage >= shown.length && inPage < maxRows, `rows in the page: ${inPage}`);
        await page.getByRole('button', { name: 'Resume' }).click();
        await page.getByRole('button', { name: 'Newest' }).click();
        return `${inPage} rows`;
      },
    },
  ];
}
