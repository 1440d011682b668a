import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { MCPSession, Root } from 'rx-mcp';
import { BehaviorSubject, defer, filter, firstValueFrom, repeat } from 'rxjs';
import type { ProofCase } from '../harness/proofCase';
import { runCases } from '../harness/runCases';
import { scratchDir } from '../harness/environment';
import { stdioSession, withSession } from '../servers/officialServer';

// The official server that gives access only to the client's roots.
const base = scratchDir();

function makeFolder(name: string): string {
  const folder = join(base, name);
  mkdirSync(folder);
  writeFileSync(join(folder, 'note.txt'), `a note in ${name}`);
  return folder;
}

const rootOf = (folder: string): Root => ({ uri: pathToFileURL(folder).href, name: basename(folder) });
const [old, next, last] = [makeFolder('old'), makeFolder('next'), makeFolder('last')];

const textOf = async (session: MCPSession, tool: string, args?: Record<string, unknown>): Promise<string> =>
  JSON.stringify((await session.callTool(tool, args)).content);

/** Polls until the server allows exactly these folders, because it validates them after it has received the roots. */
async function allowed(session: MCPSession, folders: readonly string[]): Promise<void> {
  const text$ = defer(() => textOf(session, 'list_allowed_directories')).pipe(repeat({ delay: 10 }));
  const isMatch = (text: string): boolean =>
    [old, next, last].every((folder) => text.includes(folder) === folders.includes(folder));
  await firstValueFrom(text$.pipe(filter(isMatch)));
}

const read = (session: MCPSession, folder: string): Promise<string> =>
  textOf(session, 'read_text_file', { path: join(folder, 'note.txt') });

const cases: readonly ProofCase[] = [
  {
    name: 'the server reads the roots of the connector only',
    seconds: 20,
    run: () =>
      withSession(stdioSession('filesystem', { roots: [rootOf(old)] }), async (session) => {
        await session.connect();
        await allowed(session, [old]);
        assert.match(await read(session, old), /a note in old/);
        assert.match(await read(session, next), /Access denied/);
        return 'one folder read, another denied';
      }),
  },
  {
    name: 'a change of roots$ removes access to the old folder',
    seconds: 20,
    run: () =>
      withSession(stdioSession('filesystem', { roots: [] }), async (session) => {
        const workspace$ = new BehaviorSubject<readonly Root[]>([rootOf(old)]);
        workspace$.subscribe(session.roots$);
        await session.connect();
        await allowed(session, [old]);
        assert.match(await read(session, old), /a note in old/);
        workspace$.next([rootOf(next)]);
        await allowed(session, [next]);
        assert.match(await read(session, old), /Access denied/);
        assert.match(await read(session, next), /a note in next/);
        return 'denied by a tool call, after list_changed';
      }),
  },
  {
    name: 'after many changes in a row, the last one is in effect',
    seconds: 20,
    run: () =>
      withSession(stdioSession('filesystem', { roots: [rootOf(old)] }), async (session) => {
        await session.connect();
        for (let round = 0; round < 20; round++) session.roots$.next([rootOf(round % 2 ? old : next)]);
        await session.setRoots([rootOf(last), rootOf(next)]);
        await allowed(session, [last, next]);
        assert.match(await read(session, old), /Access denied/);
        return '21 changes, two folders in the end';
      }),
  },
];

await runCases('filesystem', cases, { atOnce: cases.length });
