import { programArgs } from '../rig/programArgs';
import { type Program, runProgram, runTypeScript } from '../rig/runProgram';
import { type RunningExampleServer, startExampleServer } from '../rig/startExampleServer';

/** A line of `--json`. */
interface Line {
  type?: string;
  at?: number;
  [key: string]: unknown;
}
interface Summary {
  received: number;
  byMethod: Record<string, number>;
  reconnections: number;
  gaps: number;
  errors: number;
}

const tourTimeoutMs = 90_000;

describe('npm start', () => {
  let program: Program;

  const start = (...args: string[]): Program =>
    (program = runProgram(process.execPath, ...programArgs('demo/main.ts'), ...args));
  /** Resolves with the events and the summary, if the program exited with 0. */
  async function read(): Promise<{ events: Line[]; summary: Summary }> {
    const { code, lines, stderr } = await program.ended;
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const events = lines.map((line) => JSON.parse(line) as Line);
    const { summary, ...rest } = events.pop()!;
    expect(rest).toEqual({});
    return { events, summary: summary as Summary };
  }
  const ofType = (events: Line[], ...types: string[]) => events.filter(({ type }) => types.includes(type ?? ''));
  const pick = (events: Line[], key: string) => events.map((event) => event[key]);

  afterEach(() => program.stop());

  it.each([
    { era: 'legacy', flags: ['--server'] },
    { era: 'modern', flags: [] },
    { era: 'legacy', flags: ['--sdk'] },
    { era: 'modern', flags: ['--sdk'] },
  ])(
    'shows a server that is started, killed, restarted and deployed: $era era $flags',
    async ({ era, flags }) => {
      program = runProgram('npm', 'start', '--silent', '--', '--era', era, ...flags, '--json');
      const { events, summary } = await read();

      expect(events.every(({ type, at }) => typeof type === 'string' && typeof at === 'number')).toBe(true);
      const methods = pick(ofType(events, 'notification'), 'method');
      expect(summary).toEqual({
        received: methods.length,
        byMethod: Object.fromEntries(methods.map((name) => [name, methods.filter((other) => other === name).length])),
        reconnections: ofType(events, 'reconnected').length,
        gaps: ofType(events, 'gap').length,
        errors: ofType(events, 'error').length,
      });
      // After the restart, and after the deploy.
      expect(summary.reconnections).toBeGreaterThanOrEqual(2);
      // It is a limitation of this version, not an error, that it cannot announce changes of roots.
      expect(pick(ofType(events, 'note'), 'text')).toHaveLength(era === 'modern' ? 1 : 0);
      expect(ofType(events, 'tools').filter(({ added, removed }) => [added, removed].flat().length === 0)).toEqual([]);
      expect(summary.byMethod['custom/heartbeat']).toBeGreaterThan(0);
      expect(summary.gaps).toBeGreaterThanOrEqual(1);

      const work = ofType(events, 'progress', 'result').filter(({ tool }) => tool === 'long_task');
      expect(pick(work, 'progress').slice(0, 13)).toEqual([
        ...Array.from({ length: 12 }, (_, index) => index + 1),
        undefined,
      ]);
      expect(pick(ofType(events, 'log'), 'level')).toEqual(['warning', 'error']);
      // If a change arrives during the fetch for an earlier one, both lead to one list.
      expect(pick(ofType(events, 'tools').slice(1), 'added').flat()).toEqual(['weather', 'weather', 'tides']);
      expect(pick(ofType(events, 'tools').slice(1), 'removed').flat()).toEqual(['weather']);
      const app = 'file:///home/ada/app';
      expect(pick(ofType(events, 'roots-read'), 'uris')).toEqual([[app, 'file:///home/ada/data'], [app]]);

      const indexOf = (test: (event: Line) => boolean) => events.findIndex(test);
      const killed = indexOf(({ text }) => text === 'The server is killed');
      const reconnecting = indexOf(({ state }) => state === 'reconnecting');
      const reconnected = indexOf(({ type }) => type === 'reconnected');
      const lastRead = pick(events, 'type').lastIndexOf('roots-read');
      expect([killed, reconnecting, reconnected, lastRead]).toEqual(
        [killed, reconnecting, reconnected, lastRead].sort((one, other) => one - other),
      );
      expect(killed).toBeGreaterThan(0);
      expect(new Set(pick(ofType(events, 'status'), 'protocolEra'))).toEqual(new Set([undefined, era]));
      expect(events.at(-1)).toMatchObject({ type: 'status', state: 'closed' });
    },
    tourTimeoutMs,
  );

  it(
    'shows the notifications of the everything server',
    async () => {
      program = runTypeScript('demo/main.ts', 'everything', '--json');
      const { events, summary } = await read();

      expect(summary).toMatchObject({ reconnections: 0, gaps: 0, errors: 0 });
      expect(summary.byMethod).toMatchObject({ 'notifications/progress': 8 });
      expect(Object.keys(summary.byMethod)).toEqual(
        expect.arrayContaining([
          'notifications/tools/list_changed',
          'notifications/resources/list_changed',
          'notifications/resources/updated',
          'notifications/message',
        ]),
      );
      expect(pick(ofType(events, 'request'), 'method')).toEqual(
        expect.arrayContaining(['roots/list', 'sampling/createMessage', 'elicitation/create']),
      );
      expect(pick(ofType(events, 'progress'), 'progress')).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
    },
    tourTimeoutMs,
  );

  describe('with a target', () => {
    let server: RunningExampleServer;

    beforeAll(async () => {
      server = await startExampleServer({ args: ['--heartbeat', '50'] });
    });
    afterAll(() => server.stop());

    it('watches a URL until it is interrupted', async () => {
      start(server.url, '--json');
      await program.line('"type":"heartbeat"');

      program.interrupt();

      const { events, summary } = await read();
      expect(summary.received).toBe(summary.byMethod['custom/heartbeat']);
      expect(summary.received).toBeGreaterThan(0);
      expect(events.at(-1)).toMatchObject({ state: 'closed' });
    });

    it('watches a command until it is interrupted', async () => {
      const command = [...programArgs('demo/server/main.ts'), '--stdio', '--heartbeat', '50'];
      start('--json', '--', process.execPath, ...command);
      await program.line('"type":"heartbeat"');

      program.interrupt();

      const { summary } = await read();
      expect(summary.byMethod['custom/heartbeat']).toBeGreaterThan(0);
      expect(summary.reconnections).toBe(0);
    });

    it('prints plain lines without a terminal', async () => {
      start(server.url);
      // A heartbeat may be the first message on the stream, which opens before the session is connected.
      await program.line('connected');
      await program.line('heartbeat');

      program.interrupt();

      const { code, lines } = await program.ended;
      expect(code).toBe(0);
      expect(lines[0]).toBe('Following a server until Ctrl-C.');
      expect(lines.join('')).toMatch(/(connected.*heartbeat \d+|heartbeat \d+.*connected).*closed.*custom\/heartbeat$/);
      expect(lines.join('')).not.toContain('\u001b');
      expect(lines.filter((line) => line.length > 80)).toEqual([]);
    });
  });

  it.each([
    { args: ['--help'], text: /^npm start.*-h, --help/ },
    { args: ['-h'], text: /^npm start.*-h, --help/ },
    { args: ['--version'], text: /^rx-mcp \d+\.\d+\.\d+/ },
  ])('prints with $args and exits', async ({ args, text }) => {
    start(...args);

    const { code, lines, stderr } = await program.ended;

    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(lines.join(' ')).toMatch(text);
  });

  it.each([
    { args: ['http://127.0.0.1:1/mcp'], error: 'ConnectionFailedError: ' },
    { args: ['http://127.0.0.1:1/mcp?token=hunter2'], error: 'ConnectionFailedError: ' },
    { args: ['http://ada:hunter2@127.0.0.1:1/mcp'], error: 'ConfigError: ' },
    { args: ['--', 'no-such-command', '--token', 'hunter2'], error: 'ConnectionFailedError: ' },
    { args: ['--', process.execPath, '--eval', 'process.exit(3)'], error: 'ConnectionFailedError: ' },
    { args: ['not-a-url'], error: 'ConfigError: ' },
    { args: ['--no-such-option'], error: 'ConfigError: ' },
    { args: ['--server', '--sdk'], error: 'ConfigError: ' },
    { args: ['--sdk', 'everything'], error: 'ConfigError: ' },
    { args: ['--era', 'stone'], error: 'ConfigError: ' },
    { args: ['everything', '--era', 'modern'], error: 'ConfigError: ' },
    { args: ['--'], error: 'ConfigError: ' },
  ])('prints one line when it fails: $args', async ({ args, error }) => {
    start(...args);

    const { code, lines, stderr } = await program.ended;

    expect(code).toBe(1);
    expect(stderr.startsWith(error)).toBe(true);
    expect(stderr.indexOf('\n')).toBe(stderr.length - 1);
    expect(lines.join() + stderr).not.toContain('hunter2');
  });
});
