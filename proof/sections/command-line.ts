import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { MCPSession } from 'rx-mcp';
import { replaying, virtualTime } from 'rx-mcp/testing';
import { startRxMcp } from '../commandLine/startRxMcp';
import { nodeOf, scratchDir } from '../harness/environment';
import type { ProofCase } from '../harness/proofCase';
import { runCases } from '../harness/runCases';
import { runProcess } from '../harness/processes';
import { programOf, startEverything } from '../servers/officialServer';

// The command line, with a server and recordings by other authors.
const server = await startEverything('streamableHttp');
const dir = scratchDir();
const file = join(dir, 'session.mcp.jsonl');
const everything = [process.execPath, programOf('everything'), 'stdio'];

/** Runs `rx-mcp` until it exits. Resolves with its standard output; rejects unless it exits with the code. */
async function rxMcp(args: readonly string[], code = 0): Promise<string> {
  const { ended } = startRxMcp(args, dir);
  const run = await ended;
  assert.equal(run.code, code, `${args.join(' ')}: ${run.stderr}`);
  return run.stdout;
}

const jsonLines = (text: string): Record<string, unknown>[] =>
  text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);

const once: readonly ProofCase[] = [
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
    const watching = startRxMcp(['watch', server.url, '--level', 'debug'], dir);
    const recording = startRxMcp(['record', server.url, '-o', file], dir);
    await Promise.all([watching.seen('connected to'), recording.seen('connected to')]);
    await recording.written(file, '"tools":[');
    await server.restart();
    await Promise.all([watching.seen('connected again'), recording.seen('connected again')]);
    await Promise.all([watching.seen('gap of'), recording.seen('gap of')]);
    for (const { interrupt, ended } of [watching, recording]) {
      interrupt();
      assert.equal((await ended).code, 0);
    }
    const seen = await replayed();
    await served();
    return seen;
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
  const replay = startRxMcp(['replay', file, '--pace', 'asap'], dir);
  await replay.seen('/mcp\n');
  const url = new URL(replay.stdout().trim());
  const client = new Client({ name: 'proof', version: '1.0.0' });
  await client.connect(new StreamableHTTPClientTransport(url));
  const { tools } = await client.listTools();
  assert.ok(tools.some(({ name }) => name === 'echo'));
  await client.close();
  replay.interrupt();
  assert.equal((await replay.ended).code, 0);
}

await runCases('command-line', [...once, restart], { close: server.stop });
