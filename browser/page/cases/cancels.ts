import { ofMethod, progressOf } from 'rx-mcp';
import { firstValueFrom, take } from 'rxjs';
import { check } from '../check';
import type { PageCase } from '../pageCase';
import { withSession } from '../withSession';

/** Unsubscribing from a call cancels it on the server: its progress stops. */
export const cancels: PageCase = ({ url }) =>
  withSession(url, async (session) => {
    await session.connect();
    await firstValueFrom(session.notifications$.pipe(ofMethod('custom/heartbeat')));
    let received = 0;
    session.notifications$.pipe(progressOf('abandoned')).subscribe(() => received++);

    const abandoned$ = session.callTool$('long_task', { steps: 1_000, delayMs: 20 }, { progressToken: 'abandoned' });
    await firstValueFrom(abandoned$.pipe(take(1)));
    // The server sends all remaining progress before the response to this call.
    await session.callTool('echo', { text: 'after' });
    const before = received;
    await session.callTool('long_task', { steps: 10, delayMs: 20 });

    check('progress of the cancelled call after that', received - before, 0);
    return 'by unsubscribing';
  });
