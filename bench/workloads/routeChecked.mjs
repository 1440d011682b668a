import { z } from 'zod';
import { createHub } from '../harness/builtHub.mjs';
import { checks } from '../harness/checks.mjs';
import { timed } from '../harness/timed.mjs';

const method = 'bench/job';
const schema = z.object({
  id: z.uuid(),
  at: z.iso.datetime(),
  state: z.enum(['queued', 'running', 'done']),
  step: z.object({ name: z.string().min(1), done: z.int(), total: z.int().optional() }),
  tags: z.array(z.string()),
});

const jobAt = (index) => ({
  method,
  params: {
    id: `0b5ad1c4-6a4e-4c7a-9d5f-${String(index).padStart(12, '0')}`,
    at: '2026-01-01T00:00:00.000Z',
    state: 'running',
    step: { name: 'indexing', done: index, total: distinct },
    tags: ['nightly', 'search'],
  },
});

/** So many different ones go round. */
const distinct = 1_000;

/** Nanoseconds that a notification takes to so many subscribers, each of whom has it checked. */
export function routeChecked({ check, subscribers, n }) {
  const { push, notifications$ } = createHub();
  let heard = 0;
  for (let index = 0; index < subscribers; index++) {
    notifications$.pipe(checks[check](method, schema)).subscribe(() => heard++);
  }
  const jobs = Array.from({ length: distinct }, (_, index) => jobAt(index));
  const run = (count) => {
    for (let index = 0; index < count; index++) push(jobs[index % distinct]);
  };
  const warmUp = n / 5;
  globalThis.gc();
  run(warmUp);
  const elapsed = timed(() => run(n));
  if (heard !== subscribers * (warmUp + n)) throw new Error(`${heard} of ${subscribers * (warmUp + n)} were heard`);
  return { value: (elapsed * 1e6) / n };
}
