import fc from 'fast-check';
import { createTap, type Tap } from '../../lib/connection/tap';
import { createHub, type Hub } from '../../lib/notification/hub';
import type { JSONRPCMessage } from '../../lib/protocol/types';

/** Hands over a message, and lets what that has begun come to an end. */
const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('the tap', () => {
  let hub: Hub;
  let tap: Tap;
  let delivered: JSONRPCMessage[];
  let handled: Set<string>;
  let batches: boolean;
  const told: string[] = [];
  /** How much had been handed over when the SDK dealt with each notification. */
  const dealtWith: number[] = [];

  beforeEach(() => {
    hub = createHub();
    delivered = [];
    handled = new Set();
    batches = false;
    told.length = 0;
    dealtWith.length = 0;
    tap = createTap(hub, {
      deliver: (message) => {
        delivered.push(message);
        // The SDK acts on a notification a microtask after it got it.
        if ('method' in message) queueMicrotask(() => dealtWith.push(delivered.length));
        told.push(`SDK: ${'method' in message ? message.method : 'response'}`);
      },
      handles: (method) => handled.has(method),
      allowsBatches: () => batches,
    });
    hub.notifications$.subscribe(({ method }) => told.push(`hub: ${method}`));
    hub.errors$.subscribe(({ name }) => told.push(name));
  });

  const notification = (method: string, params?: Record<string, unknown>) => ({ jsonrpc: '2.0', method, params });
  const ask = (id: string | number, progressToken?: string | number): void =>
    tap.sent({ jsonrpc: '2.0', id, method: 'tools/call', params: { _meta: { progressToken } } });
  const progress = (progressToken: unknown) => notification('notifications/progress', { progressToken, progress: 1 });
  const result = (id: string | number) => ({ jsonrpc: '2.0', id, result: {} });

  it('tells the hub first, and the SDK only what it needs', () => {
    handled.add('custom/handled');

    for (const method of ['custom/any', 'custom/handled', 'notifications/cancelled']) tap.receive(notification(method));

    expect(told.slice(0, 3)).toEqual(['hub: custom/any', 'hub: custom/handled', 'SDK: custom/handled']);
    expect(told).toContain('hub: notifications/cancelled');
  });

  it('does not hand the SDK what the hub has refused', () => {
    ask(1, 1);
    for (const method of ['notifications/cancelled', 'notifications/message']) handled.add(method);

    tap.receive(notification('notifications/cancelled', { requestId: {} }));
    tap.receive(notification('notifications/progress', { progressToken: 1 }));
    tap.receive(notification('notifications/message', { level: 'loud' }));

    expect(delivered).toEqual([]);
    expect(told.filter((what) => what === 'InvalidNotificationError')).toHaveLength(3);
  });

  it('hands the SDK progress for its own tokens, for as long as their requests are open', async () => {
    ask(1, 1);
    ask(2, 'mine');

    for (const token of [1, 'mine', 2]) tap.receive(progress(token));
    tap.receive(result(1));
    tap.receive(progress(1));
    await settled();

    expect(delivered).toEqual([progress(1), result(1)]);
  });

  it('keeps to a token whose request has become a task', async () => {
    ask(1, 1);

    tap.receive({ jsonrpc: '2.0', id: 1, result: { task: { taskId: 't' } } });
    tap.receive(progress(1));
    await settled();

    expect(delivered.at(-1)).toEqual(progress(1));
  });

  it('hands over answers to what is open, once, and to nothing else', () => {
    ask(1);
    ask(2);
    tap.sent({ jsonrpc: '2.0', method: 'notifications/cancelled', params: { requestId: 2 } });

    for (const id of [3, 2, 1, 1]) tap.receive(result(id));

    expect(delivered).toEqual([result(1)]);
    expect(told).toEqual(['SDK: response']);
  });

  it('does not hand over an answer before the SDK has dealt with what came before it', async () => {
    ask(1, 1);

    for (const message of [progress(1), progress(1), result(1)]) tap.receive(message);
    expect(delivered).toEqual([progress(1)]);
    await settled();

    expect(delivered).toEqual([progress(1), progress(1), result(1)]);
    expect(dealtWith).toEqual([1, 2]);
  });

  it('keeps the order of what comes in while something is told', () => {
    const last: string[] = [];
    hub.notifications$.subscribe(({ method }) => {
      if (method === 'a') for (const inner of ['b', 'c']) tap.receive(notification(inner));
    });
    hub.notifications$.subscribe(({ method }) => last.push(method));

    tap.receive(notification('a'));
    tap.receive(notification('d'));

    expect(last).toEqual(['a', 'b', 'c', 'd']);
  });

  it('takes a batch apart, and complains where the protocol has none', () => {
    tap.receive([notification('a'), [notification('nested')], notification('b')]);
    batches = true;
    tap.receive([notification('c')]);

    expect(told).toEqual(['InvalidNotificationError', 'hub: a', 'hub: b', 'hub: c']);
  });

  it('answers what is open in place of a server whose answer can not be read', () => {
    ask(1);

    tap.receive({ jsonrpc: '2.0', id: 1, result: 'fine' });
    tap.receive(result(1));

    expect(delivered).toMatchObject([{ id: 1, error: { code: -32603 } }]);
    expect(told).toEqual(['InvalidNotificationError', 'SDK: response']);
  });

  it('answers for the library itself without anybody else hearing of it', () => {
    const kinds: string[] = [];
    hub.messages$.subscribe(({ kind }) => kinds.push(kind));
    ask(1);

    tap.refuse(1, -32000, 'lost');
    tap.refuse(1, -32000, 'lost');

    expect(delivered).toEqual([{ jsonrpc: '2.0', id: 1, error: { code: -32000, message: 'lost' } }]);
    expect(kinds).toEqual([]);
  });

  it('is silent once it is muted, in the middle of something too', () => {
    hub.notifications$.subscribe(() => tap.mute());

    tap.receive(notification('a'));
    tap.receive(notification('b'));

    expect(told).toEqual(['hub: a']);
  });

  it('never throws, whatever comes in, and tells of all that it can not read', () => {
    const odd = fc.oneof(
      fc.jsonValue(),
      fc.record({ jsonrpc: fc.jsonValue(), id: fc.jsonValue(), method: fc.jsonValue(), params: fc.jsonValue() }),
      fc.record({ id: fc.jsonValue(), result: fc.jsonValue(), error: fc.jsonValue() }, { requiredKeys: [] }),
    );

    fc.assert(
      fc.property(odd, (value) => {
        const before = told.length + delivered.length;
        tap.receive(value);
        const isAnswer = typeof value === 'object' && value !== null && ('result' in value || 'error' in value);
        if (!isAnswer && !Array.isArray(value)) expect(told.length + delivered.length).toBeGreaterThan(before);
      }),
    );
  });

  it('is not led into the depths by what a server nests', () => {
    const deep: unknown = JSON.parse('['.repeat(100_000) + ']'.repeat(100_000));

    tap.receive(deep);

    expect(told).toEqual(['InvalidNotificationError']);
  });
});
