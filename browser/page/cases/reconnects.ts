import { ofMethod } from 'rx-mcp';
import { filter, firstValueFrom, skip } from 'rxjs';
import { check } from '../check';
import type { PageCase } from '../pageCase';
import { withSession } from '../withSession';

/** The session continues after its server was killed and started again, and reports the gap. */
export const reconnects: PageCase = ({ url, kill, start }) =>
  withSession(url, async (session) => {
    const heartbeat = () => firstValueFrom(session.notifications$.pipe(ofMethod('custom/heartbeat')));
    const isDown = firstValueFrom(session.status$.pipe(filter(({ state }) => state === 'reconnecting')));
    const gap = firstValueFrom(session.gaps$);
    const refetched = firstValueFrom(session.tools$.pipe(skip(1)));
    await session.connect();
    await heartbeat();

    await kill();
    await isDown;
    await start();

    const { since, until } = await gap;
    await heartbeat();
    check('that the list was fetched again', (await refetched).length > 0, true);
    check('that the gap lasts', until > since, true);
    check('a call', (await session.callTool('add', { a: 1, b: 2 })).structuredContent, { sum: 3 });
    return `a gap of ${until - since} ms`;
  });
