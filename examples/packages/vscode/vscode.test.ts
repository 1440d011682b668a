import { progress } from 'rx-mcp/server';
import { filter, firstValueFrom, mergeMap } from 'rxjs';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type * as vscode from 'vscode';
import { startServer, type TestServer } from '../startServer';
import { activate } from './extension';
import { editor } from './fakeVscode';

let server: TestServer;
let context: { subscriptions: vscode.Disposable[] };

beforeEach(async () => {
  server = await startServer();
  editor.settings.set('rxMcp.url', server.url);
  editor.reports.splice(0);
  context = { subscriptions: [] };
  activate(context as unknown as vscode.ExtensionContext);
});
afterEach(async () => {
  for (const subscription of context.subscriptions) subscription.dispose();
  await server.sessionEnded();
  await server.stop();
});

test('reports progress as increments in percent', async () => {
  const building = editor.run('rxMcp.build');
  await server.build('started');
  server.build$.next(progress(1, 4, 'compiling'));
  server.build$.next(progress(3, 4, 'linking'));
  server.build$.next('built');
  server.build$.complete();
  await building;

  expect(editor.reports).toEqual([
    { increment: 25, message: 'compiling' },
    { increment: 50, message: 'linking' },
  ]);
});

test('cancels the call on the server with the cancel button', async () => {
  const building = editor.run('rxMcp.build');
  await server.build('started');
  editor.cancel();
  await server.build('cancelled');

  expect(await building).toBeUndefined();
});

test('sends the folders of the window as roots, also to a restarted server', async () => {
  const rootsWith = (uri: string) =>
    firstValueFrom(
      server.server.sessions$.pipe(
        mergeMap(({ roots$ }) => roots$),
        filter((roots) => roots.some((root) => root.uri === uri)),
      ),
    );
  await server.net.until('notifications/initialized');
  editor.openFolder('/github/ada/remote', 'remote', 'vscode-vfs');
  editor.openFolder('/home/ada/one', 'one');
  await rootsWith('file:///home/ada/one');
  await server.restart(['build']);
  await server.net.until('notifications/initialized', 2);
  editor.openFolder('/home/ada/two', 'two');

  expect(await rootsWith('file:///home/ada/two')).toEqual([
    { uri: 'file:///home/ada/one', name: 'one' },
    { uri: 'file:///home/ada/two', name: 'two' },
  ]);
});

test('shows the error of a tool, and of a call that lost its connection', async () => {
  const losing = editor.run('rxMcp.build');
  await server.build('started');
  await server.restart(['build']);
  await losing;
  await server.net.until('notifications/initialized', 2);
  const failing = editor.run('rxMcp.build');
  await vi.waitFor(() => expect(server.build$.observed).toBe(true), { timeout: 20_000 });
  server.build$.error(new Error('the disk is full'));
  await failing;

  expect(editor.errors).toEqual([expect.any(String), expect.stringContaining('the disk is full')]);
}, 30_000);
