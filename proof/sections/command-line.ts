import assert from 'node:assert/strict';
import { once } from 'node:events';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { MCPSession } from 'rx-mcp';
import { replaying, virtualTime } from 'rx-mcp/testing';
import { nodeOf, rootDir, scratchDir } from '../harness/environment';
import type { ProofCase } from '../harness/proofCase';
import { runCases } from '../harness/runCases';
import { processGroup, runProcess } from '../harness/processes';
import { programOf, startEverything } from '../servers/officialServer';

// The command line, with a server and recordings by other authors.
const server = await startEverything('streamableHttp');
const dir = scratchDir();
const file = join(dir, 'session.mcp.jsonl');
const everything = [process.execPath, programOf('everything'), 'stdio'];

/** Runs `rx-mcp` until it exits. Resolves with its standard output; rejects unless it exits with the code. */
async function rxMcp(args: readonly string[], code = 0): Promise<string> {
  const { ended } = startRxMcp(args);
  const run = await ended;
  assert.equal(run.code, code, `${args.join(' ')}: ${run.stderr}`);
  return run.stdout;
}

const jsonLines = (text: string): Record<string, unknown>[] =>
  text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);

const calls: readonly ProofCase[] = [
  {
    name: 'list, call and read over HTTP',
    seconds: 60,
    run: async () => {
      const lists = await rxMcp(['list', server.url]);
      for (const kind of ['tools\techo\t', 'prompts\t', 'resources\tdemo://', 'templates\tdemo://']) {
        assert.ok(lists.includes(kind), `${kind} is not in ${lists}`);
      }
      assert.match(await rxMcp(['call', server.url, 'get-sum', 'a:=40', 'b:=2']), /\b42\b/);
      const uri = /^resources\t(\S+)/m.exec(lists)?.[1] ?? '';
      assert.ok((await rxMcp(['read', server.url, uri])).length > 20);
      await rxMcp(['call', server.url, 'no-such-tool'], 5);
      return `${lists.trimEnd().split('\n').length} items, a sum, ${uri}`;
    },
  },
  {
    name: 'call with progress over standard input and output',
    seconds: 30,
    run: async () => {
      const args = ['trigger-long-running-operation', 'duration:=1', 'steps:=3', '--json', '--', ...everything];
      const lines = jsonLines(await rxMcp(['call', ...args]));
      const progress = lines.filter(({ method }) => method === 'notifications/progress');
      assert.equal(progress.length, 3);
      assert.match(JSON.stringify(lines.at(-2)), /completed/i);
      return `${progress.length} steps, then the result`;
    },
  },
  {
    name: 'mcporter records a session, and it replays here',
    seconds: 120,
    run: async () => {
      const recorded = await recordWithMcporter();
      const session = new MCPSession(replaying(readFileSync(recorded, 'utf8'), { pace: 'asap' }));
      await session.connect();
      assert.match(session.serverInfo?.name ?? '', /everything/);
      const { content } = await session.callTool('echo', { message: 'for mcporter' });
      assert.deepEqual(content, [{ type: 'text', text: 'Echo: for mcporter' }]);
      await session.disconnect();
      const replay = ['--', process.execPath, '--import', 'tsx', join('lib', 'cli', 'main.ts'), 'replay', recorded];
      const output = await rxMcp(['call', 'echo', 'message=for mcporter', ...replay, '--stdio']);
      assert.equal(output, 'Echo: for mcporter\n');
      return 'in a session, and for another client';
    },
  },
];

/** Records a tool call with mcporter, as described in its documentation. Resolves with the path of the recording. */
async function recordWithMcporter(): Promise<string> {
  const cli = fileURLToPath(import.meta.resolve('mcporter/cli'));
  const node = nodeOf(24);
  const [command, ...args] = everything;
  const selector = ['--config', join(dir, 'mcporter.json')];
  writeFileSync(join(dir, 'mcporter.json'), JSON.stringify({ mcpServers: { everything: { command, args } } }));
  const call = [node, cli, ...selector, 'call', 'everything.echo', 'message:for mcporter'];
  const run = await runProcess(node, [cli, ...selector, 'record', 'proof', '--server', 'everything', '--', ...call], {
    cwd: dir,
    env: { ...process.env, HOME: dir },
    seconds: 100,
  });
  assert.equal(run.code, 0, run.output);
  return join(dir, '.mcporter', 'recordings', 'proof.ndjson');
}

const restart: ProofCase = {
  name: 'watch and record continue after a restart, and the recording replays it',
  seconds: 90,
  run: async () => {
    const watching = startRxMcp(['watch', server.url, '--level', 'debug']);
    const recording = startRxMcp(['record', server.url, '-o', file]);
    await Promise.all([watching.printed('connected to'), recording.printed('connected to')]);
    await recording.written(file, '"tools":[');
    await server.restart();
    await Promise.all([watching.printed('connected again'), recording.printed('connected again')]);
    await Promise.all([watching.printed('gap of'), recording.printed('gap of')]);
    for (const { interrupt, ended } of [watching, recording]) {
      interrupt();
      assert.equal((await ended).code, 0);
    }
    const result = await replayed();
    await served();
    return result;
  },
};

/** Replays the reconnection in virtual time. */
async function replayed(): Promise<string> {
  const time = virtualTime();
  const session = new MCPSession(replaying(readFileSync(file, 'utf8'), { match: 'any' }), {
    scheduler: time.scheduler,
  });
  const status = time.watch(session.status$);
  const gaps = time.watch(session.gaps$);
  const connected = session.connect();
  await time.advance(60_000);
  await connected;
  const states = status.frames.map(([, { state }]) => state);
  const after = states.slice(states.indexOf('connected'));
  assert.ok(after.includes('reconnecting') && after.at(-1) === 'connected', states.join(', '));
  assert.ok(gaps.frames.length > 0);
  const tools = session.listTools();
  await time.advance(1_000);
  assert.ok((await tools).some(({ name }) => name === 'echo'));
  await session.disconnect();
  return `${gaps.frames.length} gap, ${states.length} states in virtual time`;
}

/** Serves the recording to a client of the SDK. */
async function served(): Promise<void> {
  const replay = startRxMcp(['replay', file, '--pace', 'asap']);
  await replay.printed('/mcp\n');
  const url = new URL(replay.stdout().trim());
  const client = new Client({ name: 'proof', version: '1.0.0' });
  await client.connect(new StreamableHTTPClientTransport(url));
  const { tools } = await client.listTools();
  assert.ok(tools.some(({ name }) => name === 'echo'));
  await client.close();
  replay.interrupt();
  assert.equal((await replay.ended).code, 0);
}

/** `rx-mcp` in its own process. */
interface RunningCommand {
  readonly ended: Promise<{ code: number | null; stdout: string; stderr: string }>;
  /** Standard output up to now. */
  stdout(): string;
  /** Resolves when either output contains a text. */
  printed(text: string): Promise<void>;
  /** Resolves when a file contains a text. */
  written(file: string, text: string): Promise<void>;
  /** Presses Ctrl-C. */
  interrupt(): void;
}

/** Starts the command line, with the directory of this section as its home. */
function startRxMcp(args: readonly string[]): RunningCommand {
  const child = processGroup.start(process.execPath, ['--import', 'tsx', join('lib', 'cli', 'main.ts'), ...args], {
    cwd: rootDir,
    env: { ...process.env, HOME: dir },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const output = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const) {
    child[name]?.setEncoding('utf8').on('data', (text: string) => (output[name] += text));
  }
  const ended = once(child, 'close').then(([code]: (number | null)[]) => ({ code: code ?? null, ...output }));
  const isEnded = (what: string) =>
    ended.then(({ stderr }) => Promise.reject(new Error(`rx-mcp ${args.join(' ')}: ended before ${what}: ${stderr}`)));
  return {
    ended,
    stdout: () => output.stdout,
    async printed(text) {
      const found = () => Object.values(output).some((part) => part.includes(text));
      while (!found()) await Promise.race([setTimeout(20), isEnded(JSON.stringify(text))]);
    },
    async written(file, text) {
      const found = () => existsSync(file) && readFileSync(file, 'utf8').includes(text);
      while (!found()) await Promise.race([setTimeout(20), isEnded(`writing ${JSON.stringify(text)}`)]);
    },
    interrupt: () => void child.kill('SIGINT'),
  };
}

await runCases('command-line', [...calls, restart], { close: server.stop });
