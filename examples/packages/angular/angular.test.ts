import '@angular/compiler';
import { type ApplicationRef, createEnvironmentInjector, EnvironmentInjector } from '@angular/core';
import { bootstrapApplication } from '@angular/platform-browser';
import type { Session } from 'rx-mcp';
import { firstValueFrom, lastValueFrom } from 'rxjs';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { startServer, type TestServer } from '../startServer';
import { startBuild, testToolList } from '../toolList';
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

testToolList(() => server);

test('cancels the call on the server when the component is destroyed', async () => {
  await startBuild(server);
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
