import { readdirSync, readFileSync } from 'node:fs';
import { startExampleServer, type RunningExampleServer } from '../rig/startExampleServer';
import { runTypeScript } from '../rig/runProgram';

describe('examples', () => {
  let server: RunningExampleServer;

  /** Returns the output of an example, optionally with the URL of a server. */
  async function output(name: string, ...args: string[]): Promise<string[]> {
    const { code, lines, stderr } = await runTypeScript(`examples/${name}.ts`, ...args).ended;
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    return lines;
  }

  const withoutCount = (line: string): string => line.replace(/^(heartbeat) \d+$/, '$1');

  beforeAll(async () => {
    server = await startExampleServer({ args: ['--heartbeat', '50'] });
  });
  afterAll(() => server.stop());

  it('lists every program here and in its README, each at most forty lines long', () => {
    const names = readdirSync('examples').filter((name) => name.endsWith('.ts'));
    const readme = readFileSync('examples/README.md', 'utf8');

    expect(names.map((name) => name.replace('.ts', '')).sort()).toEqual([
      ...[
        'batchedUpdates',
        'callOptions',
        'cancellableCall',
        'elicitation',
        'eras',
        'gateway',
        'handlers',
        'heartbeat',
      ],
      ...[
        'liveTools',
        'manyServers',
        'online',
        'progress',
        'reconnect',
        'resource',
        'roots',
        'sdkClient',
        'server',
        'toolsDiff',
      ],
    ]);
    for (const name of names) {
      expect(readFileSync(`examples/${name}`, 'utf8').split('\n').length).toBeLessThanOrEqual(40);
      expect(readme).toContain(`](${name})`);
    }
  });

  it.each([
    { name: 'with a server at a URL', args: () => [server.url] },
    { name: 'with a server of its own', args: () => [] },
  ])('heartbeat: emits each one in order, $name', async ({ args }) => {
    const lines = await output('heartbeat', ...args());

    // If the stream opens late, the first heartbeats are lost.
    const first = Number(lines[0]?.split(' ')[1]);
    expect(lines).toEqual([first, first + 1, first + 2].map((count) => `heartbeat ${count}`));
  });

  it('server: streams a tool, a list and a resource', async () => {
    const lines = await output('server');

    expect([...lines].sort()).toEqual(['clock 1', 'progress', 'progress', 'result', 'tools build, deploy']);
  });

  it('gateway: passes on the tools of a server, with their progress', async () => {
    const result = 'result [{"type":"text","text":"build: done in 3 steps"}]';

    expect(await output('gateway', server.url)).toEqual(['tools true', '1 of 3', '2 of 3', '3 of 3', result]);
  });

  it('online: reconnects on the event, with the same session', async () => {
    const lines = await output('online');

    expect(lines).toEqual(['offline', 'online', 'offline', 'online', 'custom/heartbeat', 'offline']);
  });

  it('progress: emits every step, then the result, and cancels a call', async () => {
    expect(await output('progress', server.url)).toEqual([
      '1 of 4',
      '2 of 4',
      '3 of 4',
      '4 of 4',
      'result [{"type":"text","text":"build: done in 4 steps"}]',
      'cancelled',
    ]);
  });

  it('liveTools: emits the list after each change', async () => {
    expect(await output('liveTools', server.url)).toEqual(['without weather', 'with weather', 'without weather']);
  });

  it('roots: sends the emissions of the workspace', async () => {
    const project = '{"uri":"file:///home/me/project","name":"project"}';
    const data = '{"uri":"file:///home/me/data","name":"data"}';

    expect(await output('roots', server.url)).toEqual([
      `the server has [${project},${data}]`,
      `the server has [${data}]`,
      'InvalidRootsError: roots.0.uri: expected a URI that begins with file://',
      `still [${data}]`,
    ]);
  });

  it('manyServers: merges an HTTP and a stdio server', async () => {
    const lines = await output('manyServers', server.url);

    expect(lines.sort()).toEqual([
      'local: 15 tools',
      'local: custom/heartbeat',
      'remote: 15 tools',
      'remote: custom/heartbeat',
    ]);
  });

  it('reconnect: reconnects after the server is killed and restarted', async () => {
    const lines = (await output('reconnect')).map(withoutCount);
    const losses = lines.filter((line) => line.startsWith('lost: '));

    expect(losses[0]).toMatch(/^lost: ConnectionLostError: /);
    expect(lines.filter((line) => !losses.includes(line))).toEqual([
      'connected to rx-mcp-example',
      'heartbeat',
      'heartbeat',
      'connected to rx-mcp-example',
      'heartbeat',
      'heartbeat',
    ]);
    expect(lines.indexOf(losses[0]!)).toBe(3);
  });

  it('reconnect: works with a server that stays up', async () => {
    expect((await output('reconnect', server.url)).map(withoutCount)).toEqual([
      'connected to rx-mcp-example',
      'heartbeat',
      'heartbeat',
    ]);
  });

  it('eras: prints the same for both protocol eras', async () => {
    const same = ['without weather', 'with weather', 'build: step 1 of 2', 'build: step 2 of 2'];

    expect(await output('eras')).toEqual([
      ...['rx-mcp-example uses 2025-11-25', ...same],
      ...['rx-mcp-example uses 2026-07-28', ...same],
    ]);
  });

  it('sdkClient: keeps working after a restart', async () => {
    expect(await output('sdkClient')).toEqual(['before', 'after'].map((text) => `[{"type":"text","text":"${text}"}]`));
  });

  it('handlers: are called until removed, and may fail', async () => {
    expect(await output('handlers', server.url)).toEqual([
      'custom/user-joined {"user":"Ada"}',
      'HandlerError Error: no luck',
    ]);
  });

  it.each<[name: string, lines: string[]]>([
    ['batchedUpdates', ['1000 ticks, sum 500500', 'drawn a few times']],
    [
      'callOptions',
      [
        'sent {"tenant":"acme","user":"ada"}',
        'sum 3.5',
        'sent {"tenant":"acme"}',
        'InvalidResultError ["structuredContent","product"]',
        'sent {"tenant":"acme"}',
        'step 1',
        'step 2',
        'RequestCancelledError',
      ],
    ],
    [
      'cancellableCall',
      [
        ...['step 1', 'step 2', 'step 3', 'cancelled'],
        'tools/call "long_task": timed out after 200 ms (no result)',
        'tools/call "long_task": cancelled',
      ],
    ],
    ['resource', [0, 1, 2].map((times) => `memo://counter, touched ${times} times`)],
    ['toolsDiff', ['15 tools', 'added weather', 'removed weather']],
  ])('%s: prints what its first line describes', async (name, expected) => {
    expect(await output(name, server.url)).toEqual(expected);
  });

  it('elicitation: answers a form, and closes one that the server cancels', async () => {
    const { code, lines } = await runTypeScript('examples/elicitation.ts').ended;

    expect({ code, lines }).toEqual({
      code: 0,
      lines: [
        'asked: Please provide inputs for the following fields:',
        'the form is closed',
        'User inputs:',
        '- Name: Ada',
      ],
    });
  });
});
