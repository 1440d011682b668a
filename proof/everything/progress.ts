import assert from 'node:assert/strict';
import { progressOf } from 'rx-mcp';
import { lastValueFrom, map, toArray } from 'rxjs';
import type { Emission } from './emission';

const steps = 6;

/** While a tool runs, for the token that the call carried. */
export const progress: Emission = {
  name: 'progress',
  async see(session) {
    await session.connect();
    const elsewhere: number[] = [];
    session.notifications$.pipe(progressOf('of-my-own')).subscribe((told) => elsewhere.push(told.progress));
    const events = await lastValueFrom(
      session
        .callTool$('trigger-long-running-operation', { duration: 0.3, steps }, { progressToken: 'of-my-own' })
        .pipe(
          map((event) => (event.kind === 'progress' ? event.progress : event.kind)),
          toArray(),
        ),
    );
    const expected = Array.from({ length: steps }, (_, index) => index + 1);
    assert.deepEqual(events, [...expected, 'result']);
    assert.deepEqual(elsewhere, expected);
    return `${steps} steps in order, then the result`;
  },
};
