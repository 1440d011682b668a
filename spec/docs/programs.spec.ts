import { readFileSync } from 'node:fs';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { HttpConnector, MCPClient, type MCPSession } from 'rx-mcp';
import { filter, firstValueFrom, scan } from 'rxjs';
import { programArgs } from '../rig/programArgs';
import { quickSdk } from '../rig/quick';
import { type ExampleSession, useExampleSession } from '../rig/useExampleSession';
import { pages } from './pages';
import { type PageProgram, programsIn } from './programsIn';
import { runCode } from './runCode';

/** Returns the heading above each program. Two programs under one heading are numbered. */
function titlesOf(file: string): [string, PageProgram][] {
  const lines = readFileSync(file, 'utf8').split('\n');
  const seen = new Map<string, number>();
  return programsIn(file).map((program) => {
    const above = lines.slice(0, program.line).filter((line) => /^#+ /.test(line));
    const heading = above.at(-1)?.replace(/^#+ /, '') ?? '';
    const times = (seen.get(heading) ?? 0) + 1;
    seen.set(heading, times);
    return [`${file}: ${heading}${times > 1 ? ` (${times})` : ''}`, program];
  });
}

/** The expected behaviour of a program, in addition to running without an error. */
interface Expectation {
  /** Lines that it prints, among others. */
  readonly prints?: readonly (string | RegExp)[];
  /** An action to perform while it runs. */
  readonly meanwhile?: (session: MCPSession) => Promise<unknown>;
}

/** A visible page. */
const document = Object.assign(new EventTarget(), { visibilityState: 'visible' });
const command = process.execPath;
const stdioServer = [...programArgs('demo/server/main.ts'), '--stdio'];

const expectations: Record<string, Expectation> = {
  'docs/browser.md: Hidden pages': { prints: [/^\d+ tools$/] },
  'docs/calls.md: Calls': { prints: ['1 of 5', '5 of 5', /build: done/] },
  'docs/calls.md: Without a connection': { prints: ['result'] },
  'docs/concepts.md: A session outlives its connections': {
    prints: ['idle', 'connecting', 'connected', 'result', /hello/, 'closed'],
  },
  "docs/concepts.md: Reconnection is RxJS's `retry`": { prints: ['custom/heartbeat'] },
  'docs/errors.md: Errors of many servers': { prints: [/^files .*mcp-files/] },
  'docs/live-views.md: Live views': { prints: [/echo/, /"added":/, /memo:\/\/counter/] },
  'docs/live-views.md: Resources': { prints: [/touched 0 times/] },
  'docs/many-servers.md: Many servers': {
    prints: ['web connected', 'files connected', 'files closed'],
  },
  'docs/many-servers.md: Combining servers': { prints: [/^\d+ tools$/, /^\d+ tools$/] },
  'docs/migrating.md: From mcp-use in TypeScript': { prints: [/^Received: custom\/heartbeat /] },
  'docs/migrating.md: A method': { prints: [/^Heartbeat #\d+$/] },
  'docs/migrating.md: A method (2)': { prints: [/^Heartbeat #\d+$/] },
  'docs/migrating.md: A list that changes': { prints: [/^Now have \d+ tools$/] },
  'docs/migrating.md: From mcp-use in Python': {
    prints: ['Received other message type: response', /^Progress: 33% \(/, /^Progress: 100% \(/, /done in 3/],
  },
  'docs/migrating.md: A notification': { prints: [/^\d+$/] },
  'docs/migrating.md: A notification (2)': { prints: [/^\d+$/] },
  'docs/migrating.md: A call with progress': { prints: ['5 5', /done in 5/, '5 5', /done in 5/] },
  'docs/migrating.md: All pages of a list': { prints: [/^\d+$/, /^\d+$/, /^\d+$/] },
  'docs/migrating.md: A resource that changes': { prints: [/touched/, /touched/] },
  'docs/migrating.md: Code that needs an SDK client': {
    meanwhile: (session) => session.callTool('log', { level: 'error', message: 'full' }),
    prints: ['full'],
  },
  'docs/operators.md: ofMethod': { prints: [/^\d+$/] },
  'docs/operators.md: A schema': { prints: [/^\d+$/] },
  'docs/operators.md: Augmentation': {
    meanwhile: (session) =>
      session.callTool('emit', { method: 'custom/user-joined', params: { username: 'ada' }, times: 1 }),
    prints: ['ADA'],
  },
  'docs/operators.md: progressOf': { prints: [/^1 5 upload/, /^5 5 upload/] },
  'docs/operators.md: listChanged': {
    meanwhile: (session) => session.callTool('toggle_prompt', { name: 'late' }),
    prints: [/late/],
  },
  'docs/operators.md: resourceUpdated': {
    meanwhile: async (session) => {
      await session.request('resources/subscribe', { uri: 'memo://counter' });
      await session.callTool('touch_resource', { uri: 'memo://counter' });
    },
    prints: ['memo://counter'],
  },
  'docs/operators.md: logMessage': {
    meanwhile: (session) => session.callTool('log', { level: 'error', message: 'full' }),
    prints: ['error example full'],
  },
  'docs/operators.md: listDiff': { prints: [/"added":\[.*echo/] },
  'docs/operators.md: boundedConcatMap': {
    meanwhile: (session) => session.callTool('log', { level: 'error', message: 'full' }),
    prints: ['full'],
  },
  'docs/overflow.md: One at a time, bounded': {
    meanwhile: (session) => session.callTool('log', { level: 'error', message: 'full' }),
    prints: ['full'],
  },
  'docs/reconnection.md: Observe a reconnection': { prints: ['live'] },
  'docs/reconnection.md: Without a session': { prints: [/"?count"?/] },
  'docs/transport.md: The SDK': { prints: [/^\d+ tools$/] },
  'docs/transport.md: LangChain': { prints: [/echo/] },
  'docs/transport.md: The AI SDK': { prints: [/echo/] },
};

/** Pages with specs of their own, which check more. */
const elsewhere = ['README.md', 'docs/getting-started.md', 'docs/recipes.md'];

/** Programs that are not run, with the reason. */
const notRun: Record<string, string> = {
  'docs/testing.md: Test runners': 'run by node:test in spec/testing/runners.spec.ts',
  'docs/testing.md: Test runners (2)': 'run by Jest in spec/testing/runners.spec.ts',
  'docs/testing.md: Test runners (3)': 'run by Vitest in spec/testing/runners.spec.ts',
};

const programs = pages.filter((page) => !elsewhere.includes(page)).flatMap(titlesOf);
const runnable = programs.filter(([title]) => !(title in notRun));

describe('programs on the pages', () => {
  let server: ExampleSession['server'];
  let session: MCPSession;

  useExampleSession((opened) => ({ server, session } = opened));

  it.each(runnable)('run: %s', async (title, { text }) => {
    const { prints = [], meanwhile } = expectations[title] ?? {};
    const source = text
      .replaceAll(/http:\/\/127\.0\.0\.1:3000\/mcp|https:\/\/example\.com\/mcp/g, server.url)
      .replace(
        "command: 'mcp-server-filesystem', args: ['/tmp']",
        `command: '${command}', args: ${JSON.stringify(stdioServer)}`,
      );

    const sdkClient = new Client(
      { name: 'docs', version: '1.0.0' },
      { capabilities: { roots: { listChanged: true }, sampling: {} } },
    );
    if (source.includes('sdkClient')) {
      const options = { reconnectionOptions: quickSdk };
      await sdkClient.connect(new StreamableHTTPClientTransport(new URL(server.url), options));
    }

    const client = new MCPClient({ mcpServers: { upstream: { connector: new HttpConnector(server.url) } } });
    const { printed$, done, stop } = runCode(source, { session, client, document, sdkClient });
    await done;
    await meanwhile?.(session);

    const missing$ = printed$.pipe(
      scan(without, prints),
      filter((wanted) => wanted.length === 0),
    );
    if (prints.length > 0) await firstValueFrom(missing$);
    await stop();
    await client.closeAllSessions();
    await sdkClient.close();
  });

  it('have expectations only for existing headings', () => {
    const titles = programs.map(([title]) => title);

    expect([...Object.keys(expectations), ...Object.keys(notRun)].filter((title) => !titles.includes(title))).toEqual(
      [],
    );
  });

  it('are reported when they fail', async () => {
    const { done, stop } = runCode("await session.request('no/such/method');", { session });

    await expect(done).rejects.toThrow('no handler');
    await stop();
  });
});

/** Returns the expected lines that are still missing after a line was printed. */
function without(wanted: readonly (string | RegExp)[], line: string): readonly (string | RegExp)[] {
  const found = wanted.findIndex((expected) =>
    typeof expected === 'string' ? line === expected : expected.test(line),
  );
  return wanted.filter((_, index) => index !== found);
}
