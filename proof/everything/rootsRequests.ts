import assert from 'node:assert/strict';
import { logMessage } from 'rx-mcp';
import { filter, firstValueFrom, map, take, toArray } from 'rxjs';
import type { Emission } from './emission';

const folder = (name: string) => ({ uri: `file:///home/ada/${name}`, name });

/** 350 ms after `initialized`, and then for each change: a request, and a log message that counts what it got. */
export const rootsRequests: Emission = {
  name: 'roots/list and its log message',
  async see(session) {
    let requests = 0;
    session.messages$.subscribe((message) => {
      if (message.kind === 'request' && message.request.method === 'roots/list') requests++;
    });
    const counts$ = session.notifications$.pipe(
      logMessage('info'),
      map(({ params }) => /^Roots updated: (\d+) /.exec(String(params.data))?.[1]),
      filter((count) => count !== undefined),
    );
    const first = firstValueFrom(counts$);
    session.roots$.next([folder('one')]);
    await session.connect();
    assert.equal(await first, '1');

    const three = firstValueFrom(counts$.pipe(take(3), toArray()));
    session.roots$.next([]);
    session.roots$.next([folder('one'), folder('two')]);
    session.roots$.next([folder('one'), folder('two'), folder('three')]);
    // Each change is asked for, and each answer is the latest value.
    assert.equal((await three).at(-1), '3');
    assert.equal(requests, 4);
    const { content } = await session.callTool('get-roots-list');
    assert.match(JSON.stringify(content), /file:\/\/\/home\/ada\/three/);
    return '1 on connecting, 3 for 3 changes';
  },
};
