import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { MCPSession, Root } from 'rx-mcp';
import { BehaviorSubject, defer, filter, firstValueFrom, repeat } from 'rxjs';
import type { ProofCase } from '../harness/proofCase';
import { runCases } from '../harness/runCases';
import { scratchDir } from '../harness/scratchDir';
import { withSession } from '../harness/withSession';
import { stdioSession } from '../servers/stdioSession';

// The official server that lets a client read and write in its roots, and nowhere else.
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

/** Resolves when the server allows these folders and no other: it looks at them after it has got the answer. */
async function allowed(session: MCPSession, folders: readonly string[]): Promise<void> {
  const told$ = defer(() => textOf(session, 'list_allowed_directories')).pipe(repeat({ delay: 10 }));
  const isIt = (told: string): boolean =>
    [old, next, last].every((folder) => told.includes(folder) === folders.includes(folder));
  await firstValueFrom(told$.pipe(filter(isIt)));
}

const read = (session: MCPSession, folder: string): Promise<string> =>
  textOf(session, 'read_text_file', { path: join(folder, 'note.txt') });

const cases: readonly ProofCase[] = [
  {
    name: 'the roots of the connector are what it may read',
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
    name: 'a change of roots$ takes the old folder away',
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
    name: 'of many changes in a row the last counts',
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
