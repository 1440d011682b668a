import { lastValueFrom, map, toArray } from 'rxjs';
import { check } from '../check';
import type { PageCase } from '../pageCase';
import { withSession } from '../withSession';

/** All progress of a call comes before its result, also what was sent at the same moment. */
export const progressComesFirst: PageCase = ({ url }) =>
  withSession(url, async (session) => {
    await session.connect();
    const told$ = session.callTool$('long_task', { steps: 20, delayMs: 0 }).pipe(
      map((event) => (event.kind === 'progress' ? event.progress : event.kind)),
      toArray(),
    );
    const steps = Array.from({ length: 20 }, (_, index) => index + 1);
    check('what the call told', await lastValueFrom(told$), [...steps, 'result']);
    return '20 steps, then the result';
  });
