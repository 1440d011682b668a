import { progress } from 'rx-mcp/server';
import { expect, test, vi } from 'vitest';
import type { TestServer } from './startServer';

/** The texts of the elements that match a selector. */
export const texts = (selector: string): (string | null)[] =>
  [...document.querySelectorAll(selector)].map(({ textContent }) => textContent);

/** Resolves when the elements that match a selector have these texts. */
export const shows = (selector: string, ...expected: string[]): Promise<void> =>
  vi.waitFor(() => expect(texts(selector)).toEqual(expected), { timeout: 20_000 });

/** Clicks the button that calls the tool `build`, and waits for the call. */
export async function startBuild(server: TestServer): Promise<void> {
  document.querySelector('button')?.click();
  await server.build('started');
}

/** The tests of an app that renders the state of a session, its tools, and the progress of a call. */
export function testToolList(current: () => TestServer): void {
  test('renders the tools, again when the server changes them and after it restarted', async () => {
    const server = current();
    await shows('li', 'build', 'hello');
    server.tools$.next(['build', 'hello', 'weather']);
    await shows('li', 'build', 'hello', 'weather');
    server.net.down();
    await shows('p', 'reconnecting');
    await server.restart(['deploy']);
    await shows('li', 'deploy');
    await shows('p', 'connected');
  }, 30_000);

  test('renders progress, then the result', async () => {
    const server = current();
    await shows('li', 'build', 'hello');
    await startBuild(server);
    server.build$.next(progress(1, 3));
    await shows('output', '1 of 3');
    server.build$.next('built');
    server.build$.complete();
    await shows('output', 'result');
  });
}
