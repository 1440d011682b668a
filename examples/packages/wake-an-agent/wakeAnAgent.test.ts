import { BehaviorSubject, firstValueFrom, ReplaySubject, take, toArray } from 'rxjs';
import { expect, vi } from 'vitest';
import { fakeModel } from '../fakeModel';
import { createSessionTest } from '../sessionTest';
import { watch } from './agent';
import { wake } from './wake';

const inbox$ = new BehaviorSubject('empty');
const test = createSessionTest({ 'ticket://inbox': inbox$ });
const prompts = (model: ReturnType<typeof fakeModel>): string[] =>
  model.doGenerateCalls.map(({ prompt }) => JSON.stringify(prompt.at(-1)));

test('wakes the agent for a notification and for a change of a resource', async ({ server, session }) => {
  const model = fakeModel({ text: 'The disk is full.' }, { text: 'Ada wrote.' });
  const reports$ = new ReplaySubject<string>();
  const watching = watch(session, model).subscribe(reports$);
  await server.net.until('resources/read');
  await server.server.notify('custom/alert', { text: 'disk full' });
  await firstValueFrom(reports$);
  inbox$.next('a letter of Ada');

  expect(await firstValueFrom(reports$.pipe(take(2), toArray()))).toEqual(['The disk is full.', 'Ada wrote.']);
  expect(prompts(model)).toEqual([
    expect.stringContaining('Alert: disk full'),
    expect.stringContaining('a letter of Ada'),
  ]);
  watching.unsubscribe();
});

test('asks the agent to check the state after a restart of the server', async ({ server, session }) => {
  const model = fakeModel({ text: 'All is well.' });
  const reports$ = new ReplaySubject<string>();
  const watching = watch(session, model).subscribe(reports$);
  await server.net.until('resources/read');
  await server.restart(['hello']);
  await firstValueFrom(reports$);

  expect(prompts(model)[0]).toMatch(/Events between .* may be missing/);
  watching.unsubscribe();
});

test('runs once for all events during a run, and continues after a failed run', async () => {
  const events$ = new ReplaySubject<string>();
  const runs: (readonly string[])[] = [];
  const finish: ((error?: Error) => void)[] = [];
  const reports$ = wake(events$, (events) => {
    runs.push(events);
    return new Promise((resolve, reject) => finish.push((error) => (error ? reject(error) : resolve('done'))));
  });
  const reports = firstValueFrom(reports$.pipe(take(2), toArray()));
  for (const event of ['a', 'b', 'c']) events$.next(event);
  finish[0]?.(new Error('the model is overloaded'));
  await vi.waitFor(() => expect(finish).toHaveLength(2));
  finish[1]?.();

  expect(await reports).toEqual(['the model is overloaded', 'done']);
  expect(runs).toEqual([['a'], ['b', 'c']]);
});
