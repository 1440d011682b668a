import assert from 'node:assert/strict';
import { join } from 'node:path';
import { nodeOf, rootDir } from '../harness/environment';
import type { ProofCase } from '../harness/proofCase';
import { runProcess } from '../harness/processes';

const clientsDir = join(rootDir, 'proof', 'clients');
const node = nodeOf(24);

/** The output of a client in `programs.mjs`. */
interface Received {
  tools: string[];
  echo: string;
  progress: number[];
  methods: string[];
  roots?: string;
  prompts: string[];
  contents: string[];
}

async function run(args: readonly string[]): Promise<string> {
  const { code, output } = await runProcess(node, args, { cwd: clientsDir, seconds: 60 });
  if (code !== 0) throw new Error(`${args.join(' ')}: exited with ${code}\n${output}`);
  return output;
}

/** Runs a client. Rejects unless it has listed the tools and received the text that it sent. */
async function receivedBy(client: string, url: string): Promise<Received> {
  const output = await run(['programs.mjs', client, url]);
  const received = JSON.parse(output.trim().split('\n').at(-1) ?? '') as Received;
  assert.ok(received.tools.includes('echo'), received.tools.join());
  assert.match(received.echo, /hello/);
  return received;
}

/** Checks everything that the server of the contract sends and requests: progress, notifications, roots. */
export async function receiveEverything(client: string, url: string): Promise<string> {
  const { progress, methods, roots = '', prompts, contents } = await receivedBy(client, url);
  assert.deepEqual(progress, [1, 2, 3]);
  assert.deepEqual(methods, ['custom/tick', 'custom/tick', 'custom/roots-read']);
  assert.match(roots, /file:\/\/\/proof/);
  assert.deepEqual(prompts, ['greet', 'summarize']);
  assert.equal(contents.length, 1);
  return 'tools, progress, notifications, roots, prompts, resources';
}

const inspector = ['node_modules/@modelcontextprotocol/inspector/clients/launcher/build/index.js', '--cli'];
const mcporter = 'node_modules/mcporter/dist/cli.js';

/** Runs a client. Resolves with the part of its output that matches. */
async function matchIn(expected: RegExp, args: readonly string[]): Promise<string> {
  const output = await run(args);
  assert.match(output, expected);
  return String(expected.exec(output)?.[0]);
}

/** The methods that the Inspector calls, the expected output, and its other arguments. */
const inspections: readonly [method: string, expected: RegExp, ...args: string[]][] = [
  ['tools/list', /"name": "echo"/, '--strict'],
  ['tools/call', /"text": "hello"/, '--tool-name', 'echo', '--tool-arg', 'text=hello'],
  ['resources/read', /memo:\/\/readme, touched/, '--uri', 'memo://readme'],
  ['prompts/get', /Greet Ada in english/, '--prompt-name', 'greet', '--prompt-args', 'name=Ada'],
];

/** Cases with clients by other authors, for a URL and a command. */
export function clientCases(url: string, command: readonly string[]): ProofCase[] {
  const cases: [name: string, run: () => Promise<string>][] = [
    ['SDK 1.32', () => receiveEverything('sdk1', url)],
    ['SDK 2.4, before 2026-07-28', () => receiveEverything('sdk2Legacy', url)],
    ['SDK 2.4, 2026-07-28', () => receiveEverything('sdk2Modern', url)],
    ['AI SDK', async () => (await receivedBy('aiSdk', url)).echo],
    ['LangChain', async () => (await receivedBy('langchain', url)).echo],
    ['mcporter: list', () => matchIn(/"status": "ok"/, [mcporter, 'list', url, '--json', '--allow-http'])],
    [
      'mcporter: call',
      () =>
        matchIn(/"text": "hello"/, [mcporter, 'call', `${url}.echo`, 'text=hello', '--output', 'json', '--allow-http']),
    ],
  ];
  const targets = { HTTP: [url, '--transport', 'http'], stdio: command };
  for (const [over, target] of Object.entries(targets)) {
    for (const [method, expected, ...args] of inspections) {
      cases.push([
        `Inspector, ${over}: ${method}`,
        () => matchIn(expected, [...inspector, ...target, '--method', method, ...args]),
      ]);
    }
  }
  return cases.map(([name, run]) => ({ name: `client: ${name}`, seconds: 70, run }));
}
