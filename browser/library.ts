import assert from 'node:assert/strict';
import { gzipSync } from 'node:zlib';
import type { Browser } from 'playwright-core';
import { startExampleServer } from '../demo/server/startExampleServer';
import type { BrowserCase } from './harness/browserCase';
import { bundle } from './harness/bundle';
import { startHeaderHidingProxy } from './harness/startHeaderHidingProxy';
import type { Section } from './harness/section';
import { servePage } from './harness/servePage';

/** The cases that run in the page, by their title. */
const shown = {
  connects: 'HttpConnector connects, and listens',
  receivesNotifications: 'notifications arrive in order',
  progressBeforeResult: 'progress arrives before its result',
  cancels: 'an unsubscribed call is cancelled on the server',
  checksOutput: 'a tool with an output schema works under a strict content security policy',
  sendsRoots: 'the server reads roots$',
  followsList: 'a live list follows its changes',
  reconnects: 'the session reconnects after a restart of the server, and reports the gap',
};

/** Tests the built and bundled library in a page, with a server on the SDK in its own process. */
export async function library(browser: Browser): Promise<Section> {
  const { code, builtIns } = await bundle('browser/page/main.ts');
  const site = await servePage(code);
  const args = ['--origin', site.origin, '--heartbeat', '50'];
  const program = 'spec/rig/legacyServer/main.ts';
  let server = await startExampleServer({ program, args });
  const front = await startHeaderHidingProxy(server.url);

  const page = await browser.newPage();
  const uncaught: string[] = [];
  page.on('pageerror', ({ message }) => uncaught.push(message));
  await page.exposeFunction('killServer', () => server.kill());
  await page.exposeFunction('startServer', async () => {
    server = await startExampleServer({ program, port: server.port, args });
  });
  await page.goto(site.origin);

  const run = (name: string, url: string) =>
    page.evaluate(
      ([name, url]) => globalThis.pageCases[name!]!({ url: url!, kill: killServer, start: startServer }),
      [name, url],
    );
  const cases: BrowserCase[] = [
    {
      name: 'the bundle contains no Node built-ins',
      run: async () => {
        assert.deepEqual(builtIns, []);
        const outside = await bundle('browser/page/onlyInNode.ts');
        assert.notEqual(outside.builtIns.length, 0, 'the check does not detect built-ins');
        return `${Math.round(gzipSync(code).length / 1000)} kB with gzip`;
      },
    },
    ...Object.entries(shown).map(([name, what]) => ({ name: what, run: () => run(name, server.url) })),
    {
      name: 'a server that does not expose Mcp-Session-Id is named in the error',
      run: () => run('namesHiddenSession', `${front.origin}/mcp`),
    },
    {
      name: 'the page throws no uncaught error',
      run: async () => {
        assert.deepEqual(uncaught, []);
        return undefined;
      },
    },
  ];
  return {
    cases,
    close: async () => {
      await page.close();
      await Promise.all([server.stop(), front.close(), site.close()]);
    },
  };
}
