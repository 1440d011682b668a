import { lastValueFrom, map, toArray } from 'rxjs';
import { check } from '../check';
import type { PageCase } from '../pageCase';
import { withSession } from '../withSession';

/** All progress of a call arrives before its result, even if the server sends both in one write. */
export const progressBeforeResult: PageCase = ({ url }) =>
  withSession(url, async (session) => {
    await session.connect();
    const events$ = session.callTool$('long_task', { steps: 20, delayMs: 0 }).pipe(
      map((event) => (event.kind === 'progress' ? event.progress : event.kind)),
      toArray(),
    );
    const steps = Array.from({ length: 20 }, (_, index) => index + 1);
    check('the events of the call', await lastValueFrom(events$), [...steps, 'result']);
    return '20 steps, then the result';
  });
