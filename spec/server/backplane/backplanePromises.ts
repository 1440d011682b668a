import assert from 'node:assert/strict';
import { filter, firstValueFrom, skip, take, toArray } from 'rxjs';
import type { Backplane } from '../../../lib/server/backplane';

/** The limits of a backplane under test, small enough for specs to reach. */
export const bounds = { events: 100, for: 2_000 };

/** Two nodes that share a store, which is empty at first. */
interface SharedStore {
  readonly a: Backplane;
  readonly b: Backplane;
  /** Resolves when a number of milliseconds has passed for the store. */
  elapse(ms: number): Promise<void>;
}

/** A promise of {@link Backplane}. `keep` rejects if the promise is broken. */
export interface BackplanePromise {
  readonly name: string;
  keep(store: SharedStore): Promise<void>;
}

/** The promises that every backplane keeps, regardless of its store. */
export const backplanePromises: readonly BackplanePromise[] = [
  {
    name: 'emits the status `up` to each subscriber',
    async keep({ a, b }) {
      assert.equal(await firstValueFrom(a.status$.pipe(filter((status) => status === 'up'))), 'up');
      assert.equal(await firstValueFrom(b.status$.pipe(filter((status) => status === 'up'))), 'up');
    },
  },
  {
    name: 'reads entries that a different node has appended in order, with the position of the previous one',
    async keep({ a, b }) {
      const ids = await Promise.all(['x', 'y', 'z'].map((frame) => a.append('log', frame)));
      const [x, y, z] = ids;
      assert.deepEqual(await b.range('log', '0', 10), [
        { id: x, frame: 'x', previous: '0' },
        { id: y, frame: 'y', previous: x },
        { id: z, frame: 'z', previous: y },
      ]);
      assert.equal(await b.last('log'), ids.at(-1));
    },
  },
  {
    name: 'returns positions that consist of digits, which an event id can contain',
    async keep({ a }) {
      for (const id of [await a.append('log', 'x'), await a.append('log', 'y')]) assert.match(id, /^\d+(-\d+)?$/);
    },
  },
  {
    name: 'reads the entries after a position, in batches',
    async keep({ a, b }) {
      for (let n = 0; n < 10; n++) await a.append('log', String(n));
      const frames: string[] = [];
      let after = '0';
      for (;;) {
        const batch = await b.range('log', after, 3);
        assert.ok(batch, 'the position is still in the log');
        assert.ok(batch.length <= 3, 'the batch is bounded');
        const end = batch.at(-1);
        if (!end) break;
        frames.push(...batch.map(({ frame }) => frame));
        after = end.id;
      }
      assert.deepEqual(frames, ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9']);
      assert.equal(after, await a.last('log'));
    },
  },
  {
    name: 'keeps frames unchanged, with any characters',
    async keep({ a, b }) {
      const frames = [
        '',
        ' ',
        'ä𝄞\u2028"\\',
        '\0\r\n',
        JSON.stringify({ jsonrpc: '2.0', method: 'x' }),
        'x'.repeat(100_000),
      ];
      for (const frame of frames) await a.append('log', frame);
      assert.deepEqual(
        (await b.range('log', '0', 10))?.map(({ frame }) => frame),
        frames,
      );
    },
  },
  {
    name: 'reads at the end of a log while other nodes append to it',
    async keep({ a, b }) {
      let after = '0';
      const frames: string[] = [];
      for (let n = 0; n < 80; n++) {
        // Some reads start before the entry is appended, some afterwards, and some at the same time.
        const reading: Promise<unknown>[] = [];
        let appended: Promise<unknown> | undefined;
        for (let turn = 0; turn < 20; turn++) {
          reading.push(b.range('log', after, 10));
          if (turn === 5) appended = a.append('log', String(n));
          await new Promise((resolve) => setImmediate(resolve));
        }
        const reads = await Promise.all(reading);
        assert.ok(
          reads.every((entries) => entries !== undefined),
          `all read on from ${after}`,
        );
        await appended;
        const entries = (await b.range('log', after, 10)) ?? [];
        frames.push(...entries.map(({ frame }) => frame));
        after = entries.at(-1)?.id ?? after;
      }
      assert.deepEqual(
        frames,
        frames.map((_, index) => String(index)),
      );
      assert.equal(frames.length, 80);
    },
  },
  {
    name: 'separates logs from each other and from keys',
    async keep({ a, b }) {
      await a.append('log:1', 'x');
      await a.append('log:10', 'y');
      await a.set('key:1', 'value', 60_000);
      assert.deepEqual(
        (await b.range('log:1', '0', 10))?.map(({ frame }) => frame),
        ['x'],
      );
      assert.deepEqual(await b.range('log', '0', 10), []);
      assert.equal(await b.last('log'), '0');
      assert.equal(await b.get('log:2'), undefined);
    },
  },
  {
    name: 'keeps all entries that two nodes append concurrently, in the same order on both',
    async keep({ a, b }) {
      const appended = Array.from({ length: 20 }, (_, n) => [a.append('log', `a${n}`), b.append('log', `b${n}`)]);
      await Promise.all(appended.flat());
      const [seenByA, seenByB] = await Promise.all([a.range('log', '0', 100), b.range('log', '0', 100)]);
      assert.deepEqual(seenByA, seenByB);
      const frames = seenByA?.map(({ frame }) => frame) ?? [];
      assert.equal(frames.length, 40);
      for (const node of ['a', 'b']) {
        const own = frames.filter((frame) => frame.startsWith(node));
        assert.deepEqual(
          own,
          own.map((_, n) => `${node}${n}`),
        );
      }
    },
  },
  {
    name: 'writes each entry once, at the position that the caller specifies',
    async keep({ a, b }) {
      assert.equal(await a.append('call', 'one', '1'), '1');
      assert.equal(await a.append('call', 'two', '2'), '2');
      assert.equal(await a.append('call', 'two, appended again', '2'), '2');
      assert.equal(await b.append('call', 'three', '3'), '3');
      assert.deepEqual(await b.range('call', '1', 10), [
        { id: '2', frame: 'two', previous: '1' },
        { id: '3', frame: 'three', previous: '2' },
      ]);
      assert.equal(await b.last('call'), '3');
    },
  },
  {
    name: 'rejects reading past a numbered entry that was never written',
    async keep({ a, b }) {
      for (const id of ['1', '2', '4', '5']) await a.append('call', id, id);
      assert.deepEqual(await b.range('call', '1', 10), [{ id: '2', frame: '2', previous: '1' }]);
      assert.equal(await b.range('call', '2', 10), undefined);
      assert.deepEqual(await b.range('call', '4', 10), [{ id: '5', frame: '5', previous: '4' }]);
    },
  },
  {
    name: 'keeps numbered entries as long as other entries',
    async keep({ a, b, elapse }) {
      await a.append('call', 'one', '1');
      await elapse(bounds.for / 4);
      await a.append('call', 'two', '2');
      assert.equal((await b.range('call', '0', 10))?.length, 2);
    },
  },
  {
    name: 'trims a log by count, and rejects reading from a position after which entries are missing',
    async keep({ a, b }) {
      const first = await a.append('log', 'first');
      const rest: string[] = [];
      for (let n = 0; n < 5 * bounds.events; n++) rest.push(await a.append('log', String(n)));
      assert.equal(await b.range('log', first, 10), undefined);
      const kept = await b.range('log', '0', 10 * bounds.events);
      assert.ok(
        kept && kept.length >= bounds.events && kept.length <= 3 * bounds.events,
        `kept ${String(kept?.length)}`,
      );
      const after = rest.at(-bounds.events);
      assert.ok(after !== undefined);
      assert.equal((await b.range('log', after, 10 * bounds.events))?.length, bounds.events - 1);
    },
  },
  {
    name: 'trims a log by age, and reads from the end of a log without recent entries',
    async keep({ a, b, elapse }) {
      const subscription = b.wake$('log').subscribe();
      const old = await a.append('log', 'old');
      const read = await a.append('log', 'read');
      for (let quarter = 0; quarter < 6; quarter++) await elapse(bounds.for / 4);
      assert.deepEqual(await b.range('log', read, 10), []);
      const fresh = await a.append('log', 'fresh');
      const kept = [{ id: fresh, frame: 'fresh', previous: read }];
      assert.deepEqual(await b.range('log', read, 10), kept);
      assert.equal(await b.range('log', old, 10), undefined);
      assert.deepEqual(await b.range('log', '0', 10), kept);
      subscription.unsubscribe();
    },
  },
  {
    name: 'rejects reading from a position in a log that has expired, or was deleted and recreated',
    async keep({ a, b, elapse }) {
      const expired = await a.append('expired', 'x');
      const deleted = await a.append('deleted', 'x');
      await a.delete('deleted');
      assert.deepEqual(await b.range('deleted', '0', 10), []);
      assert.equal(await b.range('deleted', deleted, 10), undefined);
      await a.append('deleted', 'y');
      assert.equal(await b.range('deleted', deleted, 10), undefined);
      await elapse(1.5 * bounds.for);
      // Stores that expire without timers look at a few logs per append.
      for (let n = 0; n < 10; n++) await a.append('other', 'x');
      assert.equal(await b.range('expired', expired, 10), undefined);
      await a.append('expired', 'y');
      assert.equal(await b.range('expired', expired, 10), undefined);
    },
  },
  {
    name: 'rejects reading from a position that was never returned',
    async keep({ a, b }) {
      const id = await a.append('log', 'x');
      assert.equal(await b.range('log', `9${id}`, 10), undefined);
      assert.equal(await b.range('never', id, 10), undefined);
      for (const text of ['', '+', '-', 'x', '1-', '-1', '1-2-3', '9'.repeat(30), `${id} `, '*'])
        assert.equal(await b.range('log', text, 10), undefined, `position '${text}'`);
    },
  },
  {
    name: 'wakes a reader once it is subscribed, so that it misses no append',
    async keep({ a, b }) {
      for (let n = 0; n < 20; n++) {
        const wakes = b.wake$(`log:${n}`);
        await firstValueFrom(wakes);
        const second = firstValueFrom(wakes.pipe(skip(1)));
        await settled(b);
        await a.append(`log:${n}`, 'x');
        await second;
      }
    },
  },
  {
    name: 'wakes only the readers of a log, on all nodes',
    async keep({ a, b }) {
      let others = 0;
      const other = b.wake$('log:2').subscribe(() => others++);
      const woken = [a, b, b].map((node) => firstValueFrom(node.wake$('log').pipe(skip(1))));
      await Promise.all([settled(a), settled(b)]);
      const before = others;
      await a.append('log', 'x');
      await Promise.all(woken);
      assert.equal((await b.range('log', '0', 10))?.length, 1);
      assert.equal(others, before);
      other.unsubscribe();
    },
  },
  {
    name: 'wakes new readers of a log whose readers have unsubscribed',
    async keep({ a, b }) {
      for (let n = 0; n < 10; n++) {
        b.wake$('log').subscribe().unsubscribe();
        const woken = firstValueFrom(b.wake$('log').pipe(skip(1)));
        await settled(b);
        await a.append('log', 'x');
        await woken;
      }
    },
  },
  {
    name: 'delivers messages as JSON, in order, to every subscriber of a channel on all nodes',
    async keep({ a, b }) {
      const messages = [{ id: 1, nested: { list: ['ä', null, true] } }, 'text', 2, null];
      const received = [a, b, b].map((node) =>
        firstValueFrom(node.on$('channel').pipe(take(messages.length), toArray())),
      );
      await Promise.all([settled(a), settled(b)]);
      for (const message of messages) await a.publish('channel', message);
      for (const each of received) assert.deepEqual(await each, messages);
    },
  },
  {
    name: 'delivers nothing after unsubscribing, and continues to deliver to other subscribers',
    async keep({ a, b }) {
      let count = 0;
      const leaving = b.on$('channel').subscribe(() => count++);
      const staying = firstValueFrom(b.on$('channel'));
      await settled(b);
      leaving.unsubscribe();
      await a.publish('channel', 'x');
      assert.equal(await staying, 'x');
      assert.equal(count, 0);
    },
  },
  {
    name: 'keeps the value of a key until it is set again, deleted or expired',
    async keep({ a, b, elapse }) {
      assert.equal(await b.get('key'), undefined);
      assert.equal(await b.alive('key'), false);
      await a.set('key', { list: [1, 'two'] }, 60_000);
      assert.deepEqual(await b.get('key'), { list: [1, 'two'] });
      assert.equal(await b.alive('key'), true);
      await b.set('key', 'short', 200);
      assert.equal(await a.get('key'), 'short');
      await elapse(300);
      assert.equal(await a.get('key'), undefined);
      assert.equal(await b.alive('key'), false);
      await a.set('key', 0, 60_000);
      assert.equal(await b.get('key'), 0);
      assert.equal(await b.alive('key'), true);
      await b.delete('key');
      assert.equal(await a.alive('key'), false);
    },
  },
];

/** Resolves when all earlier subscriptions of a node are in effect. */
async function settled(node: Backplane): Promise<void> {
  await firstValueFrom(node.wake$('settled'));
}
