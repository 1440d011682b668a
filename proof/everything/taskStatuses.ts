import assert from 'node:assert/strict';
import { ofMethod } from 'rx-mcp';
import { firstValueFrom, map, of, takeWhile, toArray } from 'rxjs';
import type { Emission } from './emission';

/** The one that asks says so twice: when it asks, and when the question is put into the queue. */
const expected = [
  'working',
  'working',
  'working',
  'input_required',
  'input_required',
  'working',
  'working',
  'completed',
];

/** While a task runs, for each stage of it; in the middle it asks, on the request for its result. */
export const taskStatuses: Emission = {
  name: 'tasks/status',
  async see(session) {
    session.handle('elicitation/create', () => of({ action: 'accept', content: { interpretation: 'technical' } }));
    await session.connect();
    const statuses = firstValueFrom(
      session.notifications$.pipe(
        ofMethod('notifications/tasks/status'),
        map(({ params }) => params.status),
        takeWhile((status) => status !== 'completed', true),
        toArray(),
      ),
    );
    const { task } = await session.request('tools/call', {
      name: 'simulate-research-query',
      arguments: { topic: 'notifications', ambiguous: true },
      task: { ttl: 60_000 },
    });
    const { taskId } = task as { taskId: string };
    const result = await session.request('tasks/result', { taskId });
    assert.deepEqual(await statuses, expected);
    assert.match(JSON.stringify(result), /\(technical\)/);
    return `${expected.length} statuses, and the question between`;
  },
};
