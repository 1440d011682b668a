import { listDiff, ofMethod } from 'rx-mcp';
import { filter, firstValueFrom, map, skip, take, toArray } from 'rxjs';
import { check } from '../check';
import type { PageCase } from '../pageCase';
import { withSession } from '../withSession';

/** A live list emits each change. */
export const followsList: PageCase = ({ url }) =>
  withSession(url, async (session) => {
    const changes$ = session.tools$.pipe(
      listDiff(),
      skip(1),
      map(({ added, removed }) => [added.map(({ name }) => name), removed.map(({ name }) => name)]),
      filter(([added, removed]) => [...added!, ...removed!].length > 0),
      take(2),
      toArray(),
    );
    const changes = firstValueFrom(changes$);
    const lists = (isThere: boolean) =>
      firstValueFrom(session.tools$.pipe(filter((tools) => tools.some(({ name }) => name === 'extra') === isThere)));
    await session.connect();
    await lists(false);
    // Changes are announced on the listening stream, which may open after the first call is possible.
    await firstValueFrom(session.notifications$.pipe(ofMethod('custom/heartbeat')));

    await session.callTool('toggle_tool', { name: 'extra' });
    await lists(true);
    await session.callTool('toggle_tool', { name: 'extra' });
    await lists(false);

    check('what was added, what was removed', await changes, [
      [['extra'], []],
      [[], ['extra']],
    ]);
    return 'a tool was added, then removed';
  });
