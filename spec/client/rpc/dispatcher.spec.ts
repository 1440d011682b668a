import fc from 'fast-check';
import { Dispatcher } from '../../../lib/client/rpc/dispatcher';
import { ConnectionLostError } from '../../../lib/errors';
import { createHub, type Hub } from '../../../lib/notification/hub';

describe('the dispatcher', () => {
  let hub: Hub;
  let dispatcher: Dispatcher;
  /** The messages that the target received. */
  let delivered: unknown[];
  let batches: boolean;
  let respondsPerRequest: boolean;
  /** The receivers of a message, in order. */
  const seen: string[] = [];
  const reported: string[] = [];

  beforeEach(() => {
    hub = createHub();
    delivered = [];
    batches = false;
    respondsPerRequest = false;
    seen.length = 0;
    reported.length = 0;
    const deliver = (kind: string) => (message: object) => {
      delivered.push(message);
      seen.push(`target: ${kind}`);
    };
    dispatcher = new Dispatcher(
      hub,
      { message: () => undefined },
      {
        onNotification: deliver('notification'),
        onRequest: deliver('request'),
        onResponse: deliver('response'),
        allowsBatches: () => batches,
        get respondsPerRequest() {
          return respondsPerRequest;
        },
      },
    );
    hub.notifications$.subscribe(({ method }) => seen.push(`hub: ${method}`));
    hub.errors$.subscribe(({ name, message }) => {
      seen.push(name);
      reported.push(message);
    });
  });

  const notification = (method: string, params?: unknown) => ({
    jsonrpc: '2.0',
    method,
    ...(params !== undefined && { params }),
  });
  const ask = (id: string | number, method = 'custom/any'): void => dispatcher.onSent({ jsonrpc: '2.0', id, method });
  const result = (id: unknown, value: unknown = {}) => ({ jsonrpc: '2.0', id, result: value });
  const error = { code: -32_001, message: 'the words of the server' };

  it('delivers to the hub first', () => {
    dispatcher.receive(notification('custom/any'));

    expect(seen).toEqual(['hub: custom/any', 'target: notification']);
  });

  it('does not pass on messages that the hub rejected', () => {
    dispatcher.receive(notification('notifications/cancelled', { requestId: {} }));
    dispatcher.receive(notification('notifications/progress', { progressToken: 1 }));
    dispatcher.receive(notification('notifications/message', { level: 'loud' }));

    expect(delivered).toEqual([]);
    expect(seen.filter((entry) => entry === 'InvalidNotificationError')).toHaveLength(3);
  });

  it('settles a pending request once, and ignores other responses', () => {
    ask(1);
    ask(2);
    dispatcher.onSent({ jsonrpc: '2.0', method: 'notifications/cancelled', params: { requestId: 2 } });

    for (const id of [3, 2, 1, 1]) dispatcher.receive(result(id));

    expect(delivered).toEqual([result(1)]);
    expect(reported).toEqual([]);
  });

  it.each([
    ['1', 1],
    [1, '1'],
    ['0', 0],
  ])('matches the id %p with %p, where only the type differs', (received, sent) => {
    ask(sent);

    dispatcher.receive(result(received));

    expect(delivered).toEqual([result(sent)]);
  });

  it.each(['', ' ', 'x', 'NaN'])('does not match the id %p with a number', (received) => {
    ask(0);

    dispatcher.receive(result(received));

    expect(delivered).toEqual([]);
  });

  it.each([
    ['params: null', { ...notification('custom/any'), params: null }],
    ['id: null', { ...notification('custom/any'), id: null }],
    ['both', { ...notification('custom/any'), id: null, params: null }],
  ])('reads %s of a notification as absent', (_, message) => {
    dispatcher.receive(message);

    expect(seen).toEqual(['hub: custom/any', 'target: notification']);
  });

  it('reads params: null and result: null as absent', () => {
    ask(1, 'ping');

    dispatcher.receive({ jsonrpc: '2.0', id: 'a', method: 'roots/list', params: null });
    dispatcher.receive(result(1, null));

    expect(delivered).toEqual([{ jsonrpc: '2.0', id: 'a', method: 'roots/list' }, result(1)]);
    expect(reported).toEqual([]);
  });

  it('reads null for optional members of params as absent', () => {
    const params: unknown[] = [];
    hub.notifications$.subscribe((each) => params.push(each.params));

    dispatcher.receive(
      notification('notifications/progress', { progressToken: 1, progress: 2, total: null, message: null }),
    );
    dispatcher.receive(notification('notifications/message', { level: 'info', logger: null, data: null }));
    dispatcher.receive(notification('custom/any', { value: null }));

    expect(params).toEqual([{ progressToken: 1, progress: 2 }, { level: 'info', data: null }, { value: null }]);
    expect(reported).toEqual([]);
  });

  describe('an error without a request id', () => {
    it.each([
      { jsonrpc: '2.0', id: null, error },
      { jsonrpc: '2.0', error },
    ])('fails the only pending request', (message) => {
      ask(7);

      dispatcher.receive(message);

      expect(delivered).toEqual([{ jsonrpc: '2.0', id: 7, error }]);
    });

    it('fails no request if the wire knows the request of each response, and is reported', () => {
      respondsPerRequest = true;
      ask(7);

      dispatcher.receive({ jsonrpc: '2.0', id: null, error });

      expect(delivered).toEqual([]);
      expect(reported).toEqual([expect.stringContaining('the words of the server')]);
    });

    it('fails none of several pending requests, and is reported', () => {
      ask(7);
      ask(8);

      dispatcher.receive({ jsonrpc: '2.0', id: null, error });

      expect(delivered).toEqual([]);
      expect(reported).toEqual([expect.stringContaining('the words of the server')]);
    });
  });

  it('keeps the order of messages that arrive during a delivery', () => {
    const last: string[] = [];
    hub.notifications$.subscribe(({ method }) => {
      if (method === 'a') for (const inner of ['b', 'c']) dispatcher.receive(notification(inner));
    });
    hub.notifications$.subscribe(({ method }) => last.push(method));

    dispatcher.receive(notification('a'));
    dispatcher.receive(notification('d'));

    expect(last).toEqual(['a', 'b', 'c', 'd']);
  });

  it('splits a batch and reports it', () => {
    dispatcher.receive([notification('a'), [notification('nested')], notification('b')]);
    batches = true;
    dispatcher.receive([notification('c')]);

    expect(seen.filter((entry) => !entry.startsWith('target'))).toEqual([
      'InvalidNotificationError',
      'hub: a',
      'hub: b',
      'hub: c',
    ]);
  });

  it('fails the pending request of an unreadable response', () => {
    ask(1);

    dispatcher.receive({ jsonrpc: '2.0', id: 1, result: 'fine' });
    dispatcher.receive(result(1));

    expect(delivered).toMatchObject([{ id: 1, error: { data: { name: 'ServerError', code: -32603 } } }]);
    expect(seen).toEqual(['InvalidNotificationError', 'target: response']);
  });

  it('prefers a result to an unreadable error', () => {
    ask(1);

    dispatcher.receive({ ...result(1), error: {} });

    expect(delivered).toEqual([result(1)]);
  });

  it("fails a pending request on the server's behalf, without emitting a response", () => {
    const kinds: string[] = [];
    hub.messages$.subscribe(({ kind }) => kinds.push(kind));
    const connectionLost = new ConnectionLostError('lost');
    ask(1);

    dispatcher.failRequest(1, connectionLost);
    dispatcher.failRequest(1, connectionLost);

    expect(delivered).toMatchObject([{ id: 1, error: { data: connectionLost } }]);
    expect(kinds).toEqual([]);
  });

  it('delivers nothing once muted, also within a message', () => {
    hub.notifications$.subscribe(() => dispatcher.stopReceiving());

    dispatcher.receive(notification('a'));
    dispatcher.receive(notification('b'));

    expect(seen).toEqual(['hub: a', 'target: notification']);
  });

  it('never throws, and reports unreadable messages', () => {
    const invalidMessage = fc.oneof(
      fc.jsonValue(),
      fc.record({ jsonrpc: fc.jsonValue(), id: fc.jsonValue(), method: fc.jsonValue(), params: fc.jsonValue() }),
      fc.record({ id: fc.jsonValue(), result: fc.jsonValue(), error: fc.jsonValue() }, { requiredKeys: [] }),
      fc.record({ id: fc.constant(1), result: fc.jsonValue() }),
    );

    fc.assert(
      fc.property(
        invalidMessage,
        fc.constantFrom('tools/list', 'tools/call', 'initialize', 'custom/any'),
        (value, method) => {
          ask(1, method);
          const before = seen.length;
          dispatcher.receive(value);
          const isAnswer = typeof value === 'object' && value !== null && ('result' in value || 'error' in value);
          if (!isAnswer && !Array.isArray(value)) expect(seen.length).toBeGreaterThan(before);
        },
      ),
    );
  });

  it('does not recurse into nested batches', () => {
    const deep = (open: string, close: string): unknown =>
      JSON.parse(open.repeat(100_000) + '1' + close.repeat(100_000));

    dispatcher.receive(deep('[', ']'));
    ask(1, 'tools/call');
    dispatcher.receive(result(1, { content: deep('[', ']'), ...(deep('{"a":', '}') as object) }));

    expect(seen).toEqual(['InvalidNotificationError', 'InvalidResultError', 'target: response']);
  });
});
