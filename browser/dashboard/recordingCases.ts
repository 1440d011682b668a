import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Locator, Page } from 'playwright-core';
import type { BrowserCase } from '../harness/browserCase';

/** A recorded session of ten seconds in which the connection is lost. */
const lines = [
  { 'mcp-recording': 1, server: 'files', era: 'legacy', protocolVersion: '2025-11-25' },
  { t: 0, c: 1, dir: 'out', message: { jsonrpc: '2.0', id: 1, method: 'tools/list' } },
  { t: 10, c: 1, dir: 'in', message: { jsonrpc: '2.0', id: 1, result: { tools: [{ name: 'search' }] } } },
  { t: 1_000, c: 1, dir: 'in', message: { jsonrpc: '2.0', method: 'custom/first', params: { text: '<img src=x>' } } },
  { t: 4_000, c: 1, event: 'lost', error: { name: 'ConnectionLostError', message: 'terminated' } },
  { t: 6_000, c: 2, event: 'open' },
  { t: 6_001, c: 2, event: 'gap', since: 4_000, until: 6_001 },
  { t: 10_000, c: 2, dir: 'in', message: { jsonrpc: '2.0', method: 'custom/last' } },
];

/** Tests opening, scrubbing, playing and closing a recording. */
export function recordingCases(page: Page): BrowserCase[] {
  const position = page.getByRole('slider', { name: 'Position' });
  const state = page.locator('#recorded-state');
  const methods = () => page.locator('.entry:visible .method').allTextContents();
  const seek = (to: number) => position.fill(String(to));

  /** Opens a recording and waits for an element. */
  async function open(text: string, shown: Locator): Promise<void> {
    const folder = await mkdtemp(join(tmpdir(), 'rx-mcp-recording-'));
    const path = join(folder, 'session.mcp.jsonl');
    await writeFile(path, text);
    await page.locator('#recording-file').setInputFiles(path);
    await shown.waitFor();
    await rm(folder, { recursive: true });
  }

  return [
    {
      name: 'an invalid recording is rejected with the line number',
      run: async () => {
        const problem = page.locator('#recording-error', { hasText: 'line 2: not valid JSON' });
        await open('{"mcp-recording":1}\nnot JSON', problem);
        assert.equal(await problem.getAttribute('role'), 'alert');
        assert.equal(await position.isVisible(), false);
        return undefined;
      },
    },
    {
      name: 'a recording opens at its end, and dragging the slider rebuilds the state',
      run: async () => {
        await open(lines.map((line) => JSON.stringify(line)).join('\n'), state.getByText('Connected'));
        assert.deepEqual(await methods(), ['custom/first', 'custom/last']);
        assert.equal(await page.locator('#recording-error').isVisible(), false);
        assert.equal(await page.getByRole('button', { name: 'Kill workshop' }).isVisible(), false);
        await page.locator('#recorded-troubles .trouble[data-kind=gap]').waitFor();

        await seek(5_000);
        await state.getByText('Reconnecting, in a gap').waitFor();
        assert.deepEqual(await methods(), ['custom/first']);
        assert.equal(await page.locator('#recorded-troubles .trouble[data-kind=gap]').count(), 0);
        await seek(0);
        await page.getByText('No notifications yet.').waitFor();
        await page.getByText('Not listed yet.').waitFor();
        await seek(100);
        await page.locator('#recorded-tools', { hasText: 'search' }).waitFor();
        return (await position.getAttribute('aria-valuetext')) ?? '';
      },
    },
    {
      name: 'a recording plays to its end, and shows its raw traffic',
      run: async () => {
        await page.getByRole('combobox', { name: 'Speed' }).selectOption('16');
        await page.getByRole('button', { name: 'Play', exact: true }).click();
        await page.getByRole('button', { name: 'Pause', exact: true }).waitFor();
        await page.getByRole('button', { name: 'Play', exact: true }).waitFor();
        assert.equal(await position.getAttribute('aria-valuetext'), '0:10.000 of 0:10.000');
        await page.getByRole('button', { name: 'Traffic' }).click();
        await page.locator('.entry:visible', { hasText: '← custom/last' }).waitFor();
        assert.deepEqual(await methods(), [
          '→ tools/list',
          '← tools/list result',
          '← custom/first',
          'connection lost',
          'connection open',
          'connection gap',
          '← custom/last',
        ]);
        assert.equal(await page.locator('.entry img').count(), 0);
        await page.getByRole('button', { name: 'Notifications', exact: true }).click();
        return undefined;
      },
    },
    {
      name: 'closing a recording shows the servers, which kept running',
      run: async () => {
        await page.getByRole('button', { name: 'Back to the servers' }).click();
        await page.locator('.entry:visible .method', { hasText: 'custom/heartbeat' }).first().waitFor();
        assert.equal(await position.isVisible(), false);
        assert.equal(await page.evaluate(() => document.activeElement?.id), 'recording-open');
        return undefined;
      },
    },
  ];
}
