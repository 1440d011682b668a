import { HttpConnector, MCPSession, type Notification, type Root } from 'rx-mcp';
import { firstValueFrom } from 'rxjs';
import { type FaultServer, startFaultServer } from '../rig/startFaultServer';
import { type RanSnippet, runSnippet } from './runSnippet';

const workspace: Root = { uri: 'file:///workspace', name: 'Workspace' };
const scratch: Root = { uri: 'file:///tmp/scratch', name: 'Scratch' };

describe('the Notifications page of mcp-use', () => {
  let server: FaultServer;
  let snippet: RanSnippet;

  beforeEach(async () => {
    server = await startFaultServer({ resources: ['memo://one'], prompts: ['greet'] });
  });
  afterEach(async () => {
    await snippet.session.disconnect();
    await server.stop();
  });

  /** Runs a snippet that creates its own session. */
  async function run(name: string): Promise<void> {
    snippet = await runSnippet(name, server.url);
  }
  /** Runs a snippet that uses the session of another snippet. */
  async function runWithSession(name: string): Promise<void> {
    const session = new MCPSession(new HttpConnector(server.url));
    await session.connect();
    snippet = await runSnippet(name, server.url, session);
  }
  const calls = async (method: string): Promise<number> => (await server.counts()).messages[method] ?? 0;

  it('Receiving Notifications: calls the handler for every kind in order', async () => {
    await run('receiving');
    const params = { level: 'info', data: 'ready' };

    await server.notify('notifications/message', params);
    await server.setTools(['echo', 'weather']);
    await server.setPrompts([]);
    await server.setResources([]);
    await server.notify('notifications/resources/updated', { uri: 'memo://one' });
    await server.notify('notifications/progress', { progressToken: 'any', progress: 1 });
    await server.notify('custom/anything', { n: 1 });

    expect(await snippet.printed('Received: custom/anything')).toEqual([
      "Received: notifications/message { level: 'info', data: 'ready' }",
      'Received: notifications/tools/list_changed undefined',
      'Received: notifications/prompts/list_changed undefined',
      'Received: notifications/resources/list_changed undefined',
      "Received: notifications/resources/updated { uri: 'memo://one' }",
      "Received: notifications/progress { progressToken: 'any', progress: 1 }",
      'Received: custom/anything { n: 1 }',
    ]);
  });

  it('Notification Structure: has method and params, and no id', async () => {
    await runWithSession('notificationStructure');
    const received = firstValueFrom(snippet.session.notifications$);
    await server.notify('custom/anything', { n: 1 });

    const fits = snippet.exports.fits as (notification: Notification) => unknown;

    expect(fits(await received)).toEqual({ method: 'custom/anything', params: { n: 1 } });
  });

  it('Tools List Changed: refetches the tools', async () => {
    await runWithSession('toolsListChanged');

    await server.setTools(['echo', 'weather', 'tides']);

    expect(await snippet.printed('Now have')).toEqual(['Tools list updated - refreshing...', 'Now have 3 tools']);
    expect(await calls('tools/list')).toBe(1);
  });

  it('Resources List Changed: refetches the resources', async () => {
    await runWithSession('resourcesListChanged');

    await server.setResources(['memo://one', 'memo://two']);

    expect(await snippet.printed('Resources updated')).toHaveLength(1);
    await server.waitFor({ type: 'message', method: 'resources/list' });
  });

  it('Prompts List Changed: refetches the prompts', async () => {
    await runWithSession('promptsListChanged');

    await server.setPrompts(['greet', 'summarize']);

    expect(await snippet.printed('Prompts updated')).toHaveLength(1);
    await server.waitFor({ type: 'message', method: 'prompts/list' });
  });

  it('Custom Notifications: delivers any method with its params', async () => {
    await runWithSession('customNotifications');

    await server.notify('custom/heartbeat', { count: 7 });
    await server.notify('custom/user-joined', { username: 'ada' });
    await server.notify('custom/data-updated', { id: 3 });
    await server.notify('custom/unknown');

    expect(await snippet.printed('Unknown')).toEqual([
      'Heartbeat #7',
      'User joined: ada',
      'Data updated: { id: 3 }',
      'Unknown notification: custom/unknown',
    ]);
  });

  it('Roots Changed: notifies the server, which reads the new roots', async () => {
    await run('rootsChanged');
    const roots = [
      { uri: 'file:///home/user/project', name: 'My Project' },
      { uri: 'file:///home/user/data', name: 'Data Directory' },
    ];

    expect(await snippet.printed('Current roots')).toEqual(['Current roots: 2']);
    expect(await calls('notifications/roots/list_changed')).toBe(1);
    expect(await server.ask('roots/list')).toEqual({ roots });
    expect(snippet.session.getRoots()).toEqual(roots);
  });

  it('Initial Roots at Connection: sends them on request, and announces later ones', async () => {
    await run('initialRoots');

    expect(await calls('notifications/roots/list_changed')).toBe(1);
    expect(await server.ask('roots/list')).toEqual({ roots: [workspace, scratch] });
  });

  it('TypeScript Types: accepts a typed handler', async () => {
    await runWithSession('typedHandler');
    const { session } = snippet;
    const errors: Error[] = [];
    session.errors$.subscribe((error) => errors.push(error));
    const received = firstValueFrom(session.notifications$);

    await server.notify('custom/anything');

    expect(await received).toMatchObject({ method: 'custom/anything' });
    expect(errors).toEqual([]);
  });

  it('Root Type: accepts the roots of the page', async () => {
    await runWithSession('rootType');
    const suits = snippet.exports.suits as (root: Root) => Root;

    await snippet.session.setRoots([suits(workspace), suits({ uri: 'file:///no-name' })]);

    expect(await server.ask('roots/list')).toEqual({ roots: [workspace, { uri: 'file:///no-name' }] });
  });
});
