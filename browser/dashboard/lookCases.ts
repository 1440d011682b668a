import assert from 'node:assert/strict';
import type { Page } from 'playwright-core';
import type { BrowserCase } from '../harness/browserCase';

/** Cases for colour schemes, reduced motion and narrow screens. */
export function lookCases(page: Page): BrowserCase[] {
  const background = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);

  return [
    {
      name: 'the page follows the preferred colour scheme',
      run: async () => {
        await page.emulateMedia({ colorScheme: 'dark' });
        const dark = await background();
        await page.emulateMedia({ colorScheme: 'light' });
        assert.notEqual(await background(), dark);
        return undefined;
      },
    },
    {
      name: 'animations stop when reduced motion is preferred',
      run: async () => {
        const moving = () =>
          page.evaluate(
            () =>
              document
                .getAnimations()
                .filter(({ playState, effect }) => playState === 'running' && Number(effect?.getTiming().duration) > 1)
                .length,
          );
        await page.keyboard.press('l');
        await page.locator('.call[data-state=running]').first().waitFor();
        await page.emulateMedia({ reducedMotion: 'reduce' });
        // Transitions that have already started keep their duration.
        await page.evaluate(() => Promise.allSettled(document.getAnimations().map(({ finished }) => finished)));
        await page.keyboard.press('t');
        await page.locator('#tools [data-mark=added]').waitFor();
        assert.equal(await moving(), 0);
        return undefined;
      },
    },
    {
      name: 'a narrow screen does not scroll sideways',
      run: async () => {
        await page.setViewportSize({ width: 400, height: 800 });
        assert.equal(await page.evaluate(() => document.documentElement.scrollWidth), 400);
        return undefined;
      },
    },
  ];
}
