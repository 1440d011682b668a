import assert from 'node:assert/strict';
import { join } from 'node:path';
import { type MCPSession, resourceUpdated } from 'rx-mcp';
import { filter, firstValueFrom } from 'rxjs';
import type { ProofCase } from '../harness/proofCase';
import { runCases } from '../harness/runCases';
import { scratchDir } from '../harness/environment';
import { stdioSession, withSession } from '../servers/officialServer';

// The official server that stores a graph, and notifies of each change while a client is subscribed.
const base = scratchDir();
const uri = 'memory://knowledge-graph';

const sessionWith = (graph: string): MCPSession =>
  stdioSession('memory', { env: { MEMORY_FILE_PATH: join(base, `${graph}.jsonl`) } });
const remember = (session: MCPSession, name: string) =>
  session.callTool('create_entities', { entities: [{ name, entityType: 'person', observations: ['counts'] }] });

const cases: readonly ProofCase[] = [
  {
    name: 'resource$ follows every write',
    seconds: 20,
    run: () =>
      withSession(sessionWith('followed'), async (session) => {
        await session.connect();
        const graph$ = session.resource$(uri);
        const readings: string[] = [];
        const watching = graph$.subscribe((contents) => readings.push(JSON.stringify(contents)));
        await firstValueFrom(graph$);
        for (const name of ['Ada', 'Grace', 'Katherine']) {
          const reading = firstValueFrom(graph$.pipe(filter((contents) => JSON.stringify(contents).includes(name))));
          await remember(session, name);
          await reading;
        }
        watching.unsubscribe();
        assert.equal(readings.length, 4);
        return 'empty, then one read for each of 3 writes';
      }),
  },
  {
    name: 'the first read contains an earlier write',
    seconds: 20,
    run: () =>
      withSession(sessionWith('before'), async (session) => {
        await session.connect();
        await remember(session, 'Emmy');
        const contents = await firstValueFrom(session.resource$(uri));
        assert.match(JSON.stringify(contents), /Emmy/);
        return 'read on subscribing';
      }),
  },
  {
    name: 'subscribes on the server only while resource$ has subscribers',
    seconds: 20,
    run: () =>
      withSession(sessionWith('watched'), async (session) => {
        await session.connect();
        let updates = 0;
        session.notifications$.pipe(resourceUpdated(uri)).subscribe(() => updates++);
        await remember(session, 'Ada');
        assert.equal(updates, 0);
        const [one, two] = [session.resource$(uri).subscribe(), session.resource$(uri).subscribe()];
        await firstValueFrom(session.resource$(uri));
        one.unsubscribe();
        await remember(session, 'Grace');
        assert.equal(updates, 1);
        two.unsubscribe();
        // One pipe carries all messages, so the response to this ping arrives after the unsubscribe request.
        await session.ping();
        await remember(session, 'Katherine');
        assert.equal(updates, 1);
        return 'notified before the response to a write, and not without a subscriber';
      }),
  },
];

await runCases('memory', cases, { atOnce: cases.length });
