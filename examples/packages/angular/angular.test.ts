import '@angular/compiler';
import { type ApplicationRef, createEnvironmentInjector, EnvironmentInjector } from '@angular/core';
import { bootstrapApplication } from '@angular/platform-browser';
import type { Session } from 'rx-mcp';
import { progress } from 'rx-mcp/server';
import { firstValueFrom, lastValueFrom } from 'rxjs';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { startServer, type TestServer } from '../startServer';
import { MCP_SESSION, provideMcp } from './provideMcp';
import { ToolsComponent } from './tools.component';

let server: TestServer;
let app: ApplicationRef;
let session: Session;

beforeEach(async () => {
  server = await startServer();
  document.body.innerHTML = '<app-tools></app-tools>';
  app = await bootstrapApplication(ToolsComponent, { providers: [provideMcp(server.url)] });
  session = app.injector.get(MCP_SESSION);
});
afterEach(async () => {
  if (!app.destroyed) app.destroy();
  await server.sessionEnded();
  await server.stop();
});

const texts = (selector: string): (string | null)[] =>
  [...document.querySelectorAll(selector)].map(({ textContent }) => textContent);
const shows = (selector: string, ...expected: string[]): Promise<void> =>
  vi.waitFor(() => expect(texts(selector)).toEqual(expected), { timeout: 20_000 });

test('renders the tools, again when the server changes them and after it restarted', async () => {
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
  await shows('li', 'build', 'hello');
  document.querySelector('button')?.click();
  await server.build('started');
  server.build$.next(progress(1, 3));
  await shows('output', '1 of 3');
  server.build$.next('built');
  server.build$.complete();
  await shows('output', 'result');
});

test('cancels the call on the server when the component is destroyed', async () => {
  document.querySelector('button')?.click();
  await server.build('started');
  app.components[0]?.destroy();
  await server.build('cancelled');

  expect((await firstValueFrom(session.status$)).state).toBe('connected');
});

test('ends the session of a route with the injector of that route', async () => {
  const parent = app.injector as EnvironmentInjector;
  const route = createEnvironmentInjector([provideMcp(server.url)], parent);
  const other = route.get(MCP_SESSION);
  await other.connect();
  route.destroy();
  await server.sessionEnded();

  expect((await lastValueFrom(other.status$)).state).toBe('closed');
  expect((await firstValueFrom(session.status$)).state).not.toBe('closed');
});
