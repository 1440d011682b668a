import { ofMethod } from 'rx-mcp';
import { firstValueFrom, map, take, toArray } from 'rxjs';
import { check } from '../check';
import type { PageCase } from '../pageCase';
import { withSession } from '../withSession';

/** All notifications outside of calls arrive, in order. */
export const receivesNotifications: PageCase = ({ url }) =>
  withSession(url, async (session) => {
    const ticks$ = session.notifications$.pipe(
      ofMethod('custom/tick'),
      map(({ params }) => params?.['n']),
      take(100),
      toArray(),
    );
    const ticks = firstValueFrom(ticks$);
    await session.connect();
    await firstValueFrom(session.notifications$.pipe(ofMethod('custom/heartbeat')));
    await session.callTool('burst', { count: 100 });
    check(
      'the ticks',
      await ticks,
      Array.from({ length: 100 }, (_, index) => index + 1),
    );
    return '100 in order';
  });
