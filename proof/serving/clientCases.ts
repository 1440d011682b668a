import assert from 'node:assert/strict';
import { join } from 'node:path';
import { nodeOf, rootDir } from '../harness/environment';
import type { ProofCase } from '../harness/proofCase';
import { runProcess } from '../harness/processes';

const clientsDir = join(rootDir, 'proof', 'clients');
const node = nodeOf(24);

/** The observations of a client in `clients/programs.mjs`. */
interface Seen {
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
async function seenBy(client: string, url: string): Promise<Seen> {
  const output = await run(['programs.mjs', client, url]);
  const seen = JSON.parse(output.trim().split('\n').at(-1) ?? '') as Seen;
  assert.ok(seen.tools.includes('echo'), seen.tools.join());
  assert.match(seen.echo, /hello/);
  return seen;
}

/** Checks everything that the server of the contract sends and requests: progress, notifications, roots. */
export async function seeEverything(client: string, url: string): Promise<string> {
  const { progress, methods, roots = '', prompts, contents } = await seenBy(client, url);
  assert.deepEqual(progress, [1, 2, 3]);
  assert.deepEqual(methods, ['custom/tick', 'custom/tick', 'custom/roots-read']);
  assert.match(roots, /file:\/\/\/proof/);
  assert.deepEqual(prompts, ['greet', 'summarize']);
  assert.equal(contents.length, 1);
  return 'tools, progress, notifications, roots, prompts, resources';
}

const inspector = ['node_modules/@modelcontextprotocol/inspector/clients/launcher/build/index.js', '--cli'];
const mcporter = 'node_modules/mcporter/dist/cli.js';

async function see(expected: RegExp, args: readonly string[]): Promise<string> {
  const output = await run(args);
  assert.match(output, expected);
  return String(expected.exec(output)?.[0]);
}

/** Cases with clients by other authors, for a URL and a command. */
export function clientCases(url: string, command: readonly string[]): ProofCase[] {
  const cases: [name: string, run: () => Promise<string>][] = [
    ['SDK 1.32', () => seeEverything('sdk1', url)],
    ['SDK 2.4, before 2026-07-28', () => seeEverything('sdk2Legacy', url)],
    ['SDK 2.4, 2026-07-28', () => seeEverything('sdk2Modern', url)],
    ['AI SDK', async () => (await seenBy('aiSdk', url)).echo],
    ['LangChain', async () => (await seenBy('langchain', url)).echo],
    ['mcporter: list', () => see(/"status": "ok"/, [mcporter, 'list', url, '--json', '--allow-http'])],
    [
      'mcporter: call',
      () => see(/"text": "hello"/, [mcporter, 'call', `${url}.echo`, 'text=hello', '--output', 'json', '--allow-http']),
    ],
  ];
  const targets = [
    ['HTTP', [url, '--transport', 'http']],
    ['stdio', [...command]],
  ] as const;
  for (const [over, target] of targets) {
    const inspect = (expected: RegExp, ...args: string[]) => see(expected, [...inspector, ...target, ...args]);
    cases.push(
      [`Inspector, ${over}: tools/list`, () => inspect(/"name": "echo"/, '--method', 'tools/list', '--strict')],
      [
        `Inspector, ${over}: tools/call`,
        () => inspect(/"text": "hello"/, '--method', 'tools/call', '--tool-name', 'echo', '--tool-arg', 'text=hello'),
      ],
      [
        `Inspector, ${over}: resources/read`,
        () => inspect(/memo:\/\/readme, touched/, '--method', 'resources/read', '--uri', 'memo://readme'),
      ],
      [
        `Inspector, ${over}: prompts/get`,
        () =>
          inspect(
            /Greet Ada in english/,
            '--method',
            'prompts/get',
            '--prompt-name',
            'greet',
            '--prompt-args',
            'name=Ada',
          ),
      ],
    );
  }
  return cases.map(([name, run]) => ({ name: `client: ${name}`, seconds: 70, run }));
}
