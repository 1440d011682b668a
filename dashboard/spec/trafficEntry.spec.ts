import { trafficEntries, type TrafficEvent } from '../model/trafficEntry';

const message = (dir: 'in' | 'out', body: object): TrafficEvent => ({ at: 5, connection: 1, dir, message: body });

describe('traffic entries', () => {
  it('name a response after its request, in both directions', () => {
    const entryOf = trafficEntries('one');
    const names = [
      message('out', { id: 1, method: 'tools/list' }),
      message('in', { id: 1, method: 'roots/list' }),
      message('in', { id: 1, result: { tools: [] } }),
      message('out', { id: 1, error: { code: -32601, message: 'no' } }),
      message('in', { id: 1, result: {} }),
    ].map((event, id) => entryOf(id, event).method);

    expect(names).toEqual(['→ tools/list', '← roots/list', '← tools/list result', '→ roots/list error', '← result']);
  });

  it('keep the requests of two connections apart', () => {
    const entryOf = trafficEntries('one');
    entryOf(1, { at: 1, connection: 1, dir: 'out', message: { id: 0, method: 'initialize' } });

    const { method } = entryOf(2, { at: 2, connection: 2, dir: 'in', message: { id: 0, result: {} } });

    expect(method).toBe('← result');
  });

  it('have the content on one line, and the message as it is', () => {
    const entry = trafficEntries('one')(7, message('in', { method: 'custom/tick', params: { n: [1, 2] } }));

    expect(entry).toEqual({
      id: 7,
      at: 5,
      server: 'one',
      kind: 'received',
      method: '← custom/tick',
      params: 'n: [1, 2]',
      detail:
        'connection 1\n{\n  "method": "custom/tick",\n  "params": {\n    "n": [\n      1,\n      2\n    ]\n  }\n}',
    });
  });

  it('name changes of a connection with their reason', () => {
    const error = { name: 'ConnectionLostError', message: 'terminated' };

    const entry = trafficEntries('one')(1, { at: 5, connection: 2, event: 'lost', error });

    expect([entry.kind, entry.method, entry.params]).toEqual([
      'connection',
      'connection lost',
      'ConnectionLostError: terminated',
    ]);
  });

  it('have a maximum length, and remember a maximum of requests', () => {
    const entryOf = trafficEntries('one');
    const { detail, params } = entryOf(1, message('in', { params: { text: 'x'.repeat(100_000) } }));
    for (let id = 0; id <= 1_000; id++) entryOf(id, message('out', { id, method: 'ping' }));

    expect([detail.length, params.length]).toEqual([4_001, 301]);
    expect(entryOf(1, message('in', { id: 0, result: {} })).method).toBe('← result');
    expect(entryOf(1, message('in', { id: 1, result: {} })).method).toBe('← ping result');
  });
});
