import { readdirSync, readFileSync } from 'node:fs';
import {
  boundedConcatMap,
  HandlerError,
  InvalidNotificationError,
  listChanged,
  listDiff,
  logMessage,
  ofMethod,
  progressOf,
  resourceUpdated,
  type Notification,
} from 'rx-mcp';
import { map, timer, type Observable, type OperatorFunction } from 'rxjs';
import { z } from 'zod';
import { createHub } from '../../lib/notification/hub';
import { drawDiagram } from '../../scripts/marbles/drawDiagram';
import { readDiagram } from '../../scripts/marbles/readDiagram';
import { marbles } from '../notification/marbles';

const folder = 'docs/images/marbles';
const read = (name: string): string => readFileSync(`${folder}/${name}.txt`, 'utf8');
const namesOf = (extension: string): string[] =>
  readdirSync(folder)
    .filter((file) => file.endsWith(extension))
    .map((file) => file.slice(0, -extension.length))
    .sort();

const heartbeat = { method: 'custom/heartbeat' };
const tick = { method: 'custom/tick' };
const progress = (progressToken: string, progress: number): Notification => ({
  method: 'notifications/progress',
  params: { progressToken, progress },
});
const changed = (kind: string): Notification => ({ method: `notifications/${kind}/list_changed` });
const updated = (uri: string): Notification => ({ method: 'notifications/resources/updated', params: { uri } });
const logged = (level: string): Notification => ({ method: 'notifications/message', params: { level, data: '' } });
const tool = (name: string, description = ''): { name: string; description: string } => ({ name, description });

/** The operators of a diagram from top to bottom, and the values of its marbles. */
interface Case<T> {
  readonly diagram: string;
  readonly operators: readonly OperatorFunction<T, unknown>[];
  readonly source: Record<string, T>;
  /** The values that an operator changes. */
  readonly results?: Record<string, unknown>;
  readonly error?: unknown;
}

const onNotifications: Case<Notification>[] = [
  {
    diagram: 'ofMethod',
    operators: [ofMethod('custom/heartbeat')],
    source: { h: heartbeat, p: progress('a', 1), t: tick },
  },
  {
    diagram: 'ofMethods',
    operators: [ofMethod('custom/heartbeat', 'custom/tick')],
    source: { h: heartbeat, p: progress('a', 1), t: tick },
  },
  {
    diagram: 'progressOf',
    operators: [progressOf('upload-7')],
    source: {
      a: progress('upload-7', 1),
      b: progress('upload-7', 2),
      c: progress('upload-7', 3),
      k: progress('upload-8', 1),
      l: progress('upload-8', 2),
      t: tick,
    },
    results: {
      A: progress('upload-7', 1).params,
      B: progress('upload-7', 2).params,
      C: progress('upload-7', 3).params,
    },
  },
  {
    diagram: 'listChanged',
    operators: [listChanged('tools'), listChanged('tools', 'prompts'), listChanged()],
    source: { t: changed('tools'), p: changed('prompts'), r: changed('resources'), h: heartbeat },
  },
  {
    diagram: 'resourceUpdated',
    operators: [resourceUpdated('file:///notes.md'), resourceUpdated()],
    source: { n: updated('file:///notes.md'), t: updated('file:///todo.md'), h: heartbeat },
  },
  {
    diagram: 'logMessage',
    operators: [logMessage('warning'), logMessage()],
    source: { d: logged('debug'), e: logged('error'), i: logged('info'), w: logged('warning'), h: heartbeat },
  },
];

const onLists: Case<readonly { name: string }[]> = {
  diagram: 'listDiff',
  operators: [listDiff()],
  source: {
    a: [tool('x')],
    b: [tool('x'), tool('y')],
    c: [tool('y')],
    d: [tool('y', 'another')],
  },
  results: {
    A: { added: [tool('x')], removed: [], changed: [] },
    B: { added: [tool('y')], removed: [], changed: [] },
    C: { added: [], removed: [tool('x')], changed: [] },
    D: { added: [], removed: [], changed: [tool('y', 'another')] },
  },
};

const work = (value: string): Observable<string> => timer(7).pipe(map(() => value));
const onSlowWork: Case<string> = {
  diagram: 'boundedConcatMap',
  operators: [
    boundedConcatMap(work, { capacity: 2 }),
    boundedConcatMap(work, { capacity: 2, overflow: 'dropNewest' }),
    boundedConcatMap(work, { capacity: 2, overflow: 'latest' }),
    boundedConcatMap(work, { capacity: 2, overflow: 'error' }),
  ],
  source: { 1: '1', 2: '2', 3: '3', 4: '4' },
  error: new HandlerError('boundedConcatMap: queue is full (capacity 2)'),
};

/** Asserts that the operators behave as the diagram shows. */
function check<T>({ diagram, operators, source, results, error }: Case<T>): void {
  const [given, ...rows] = readDiagram(read(diagram)).rows;
  expect(rows).toHaveLength(operators.length);

  marbles(({ hot, expectObservable }) => {
    for (const [index, operator] of operators.entries()) {
      const source$ = hot(given!.marbles, source);
      expectObservable(source$.pipe(operator)).toBe(rows[index]!.marbles, { ...source, ...results }, error);
    }
  })();
}

describe('marble diagrams', () => {
  it('are up to date: `npx tsx scripts/marbles.ts` draws them', () => {
    expect(namesOf('.svg')).toEqual(namesOf('.txt'));
    for (const name of namesOf('.txt')) {
      expect({ name, svg: drawDiagram(readDiagram(read(name))) }).toEqual({
        name,
        svg: readFileSync(`${folder}/${name}.svg`, 'utf8'),
      });
    }
  });

  it.each(onNotifications)('show the behaviour of $diagram', check<Notification>);
  it('show the behaviour of listDiff', () => check(onLists));
  it('show the behaviour of boundedConcatMap', () => check(onSlowWork));

  it('show the behaviour of a schema on a session', () => {
    const { rows } = readDiagram(read('ofMethodSchema'));
    const [source, parsed, errors] = rows;
    const beat = (count: unknown): Notification => ({ method: 'custom/heartbeat', params: { count } });
    const values = {
      a: beat('1'),
      b: beat('2'),
      c: beat('3'),
      d: beat('?'),
      t: tick,
      A: beat(1),
      B: beat(2),
      C: beat(3),
    };
    const schema = z.object({ count: z.string().regex(/^\d+$/).transform(Number) });

    marbles(({ hot, expectObservable }) => {
      const hub = createHub();
      const beats$ = hub.notifications$.pipe(ofMethod('custom/heartbeat', schema));
      const isReported$ = hub.errors$.pipe(map((error) => error instanceof InvalidNotificationError));
      expectObservable(beats$).toBe(parsed!.marbles, values);
      expectObservable(isReported$).toBe(errors!.marbles, { e: true });
      hot(source!.marbles, values).subscribe({
        next: (notification) => hub.push(notification),
        complete: () => hub.complete(),
      });
    })();
  });

  it('are rejected with a line that is neither a stream nor a name', () => {
    expect(() => readDiagram('A title\n\nsource  --a--|\na is a letter')).toThrow('a is a letter');
    expect(() => readDiagram('A title\n')).toThrow('streams');
  });
});
