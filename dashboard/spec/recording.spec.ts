import type { RecordedEvent } from '../../lib/testing/recording/format';
import { elapsed } from '../model/elapsed';
import { openRecording } from '../model/openedRecording';
import { recordedLane } from '../model/recordedLane';
import { type RecordedState, stateAfter } from '../model/recordedState';
import { recordingOf } from './recordingOf';

const sent = (t: number, message: object, c = 1): RecordedEvent => ({ t, c, dir: 'out', message: { ...message } });
const received = (t: number, message: object, c = 1): RecordedEvent => ({ t, c, dir: 'in', message: { ...message } });
const call = (t: number, id: number, name: string, progressToken?: string) =>
  sent(t, { id, method: 'tools/call', params: { name, arguments: {}, _meta: { progressToken } } });

/** Returns the state after all events. */
function stateOf(...events: readonly RecordedEvent[]): RecordedState {
  const { steps, server } = recordingOf(...events);
  return stateAfter(undefined, { rewound: false, steps }, server);
}

describe('an opened recording', () => {
  it('contains the facts of its header, and its events ordered by time', () => {
    const recording = recordingOf(
      { t: 7, c: 1, event: 'closed' },
      received(3, { method: 'custom/tick', params: { n: 1 } }),
    );

    expect(recording).toMatchObject({
      file: 'a.mcp.jsonl',
      server: 'files',
      protocol: '2025-11-25',
      by: 'a spec',
      startedAt: '',
      duration: 7,
    });
    expect(recording.steps).toMatchObject([
      { t: 3, traffic: { method: '← custom/tick' }, notification: { method: 'custom/tick', params: 'n: 1' } },
      { t: 7, traffic: { method: 'connection closed' } },
    ]);
  });

  it('can be a recording of mcporter, without a header', () => {
    const line = (dir: string, second: number, message: object) =>
      JSON.stringify({
        jsonrpc: '2.0',
        ...message,
        _meta: { dir, server: 's', ts: `2026-01-01T00:00:0${second}.000Z` },
      });
    const result = { protocolVersion: '2025-06-18' };

    const recording = openRecording(
      'old.ndjson',
      [line('send', 1, { id: 1, method: 'initialize' }), line('recv', 3, { id: 1, result })].join('\n'),
    );

    expect(recording).toMatchObject({ server: 'old.ndjson', protocol: '2025-06-18', duration: 2_000 });
    expect(stateAfter(undefined, { rewound: false, steps: recording.steps }, 's').phase).toBe('listening');
  });

  it('is rejected with the number of the invalid line', () => {
    expect(() => openRecording('a', '{"mcp-recording":1}\n{"t":1}')).toThrow('line 2: c: expected');
    expect(() => openRecording('a', 'no recording')).toThrow('line 1: not valid JSON');
  });
});

describe('the state of a recording', () => {
  it('follows the connections, and collects losses and gaps', () => {
    const connectionLost = { name: 'ConnectionLostError', message: 'terminated' };
    const events: RecordedEvent[] = [
      { t: 1, c: 1, event: 'open' },
      received(2, { method: 'custom/tick' }),
      { t: 3, c: 1, event: 'lost', error: connectionLost },
      { t: 4, c: 2, event: 'open' },
      { t: 5, c: 2, event: 'gap', since: 3, until: 5 },
    ];

    expect(stateOf(...events.slice(0, 3))).toMatchObject({ phase: 'reconnecting', connection: 1, notifications: 1 });
    expect(stateOf(...events)).toMatchObject({
      phase: 'listening',
      connection: 2,
      messages: 1,
      troubles: [
        { kind: 'gap', at: 5 },
        { kind: 'error', at: 3, name: 'ConnectionLostError', text: 'terminated' },
      ],
    });
  });

  it('has the calls with their progress and results', () => {
    const { requests } = stateOf(
      call(1, 1, 'build', 'token'),
      call(2, 2, 'echo'),
      call(3, 3, 'fail'),
      call(4, 4, 'slow'),
      received(5, { method: 'notifications/progress', params: { progressToken: 'token', progress: 1, total: 4 } }),
      received(6, { id: 2, result: { content: [{ type: 'text', text: 'hi' }, { type: 'image' }] } }),
      received(7, { id: 3, error: { code: -32602, message: 'no such tool' } }),
      sent(8, { method: 'notifications/cancelled', params: { requestId: 4 } }),
    );

    const shown = requests.calls.map(({ request, state, done, text }) => [request.tool, state, done, text]);
    expect(shown).toEqual([
      ['build', 'running', 0.25, '1 of 4'],
      ['echo', 'done', 1, 'hi [image]'],
      ['fail', 'failed', undefined, 'error -32602: no such tool'],
      ['slow', 'cancelled', undefined, 'waiting'],
    ]);
  });

  it('has the tools of the latest list, with all of its pages', () => {
    const tools = (...names: string[]) => ({ tools: names.map((name) => ({ name })) });
    const events = [
      sent(1, { id: 1, method: 'tools/list' }),
      received(2, { id: 1, result: { ...tools('a'), nextCursor: 'x' } }),
      sent(3, { id: 2, method: 'tools/list', params: { cursor: 'x' } }),
      received(4, { id: 2, result: tools('b') }),
      sent(5, { id: 3, method: 'tools/list' }),
      received(6, { id: 3, result: tools('c') }),
    ];
    const names = (state: RecordedState) => state.requests.tools.map(({ name }) => name);

    expect(names(stateOf(...events.slice(0, 5)))).toEqual(['a', 'b']);
    expect(names(stateOf(...events))).toEqual(['c']);
  });

  it('is the same after seeking back as after playing', () => {
    const { steps, server } = recordingOf(call(1, 1, 'echo'), received(2, { id: 1, result: {} }));
    const atEnd = stateAfter(undefined, { rewound: false, steps }, server);
    const back = stateAfter(atEnd, { rewound: true, steps: steps.slice(0, 1) }, server);

    expect(back).toEqual(stateAfter(undefined, { rewound: false, steps: steps.slice(0, 1) }, server));
    expect(back.requests.calls).toMatchObject([{ state: 'running' }]);
  });

  it('has a maximum size, and accepts values of any type', () => {
    const gaps = Array.from({ length: 200 }, (_, t): RecordedEvent => ({ t, c: 1, event: 'gap', since: 0, until: t }));
    const calls = Array.from({ length: 300 }, (_, id) => call(id, id, 'x'));
    const invalidEvents = [
      sent(1, { id: 1, method: 'tools/list', params: [] }),
      received(2, { id: 1, result: { tools: [null, { name: 5 }, 'x'] } }),
      sent(3, { id: 2, method: 'tools/call', params: 'x' }),
      received(4, { id: 2, result: { content: [null, { text: {} }] } }),
      received(5, { method: 'notifications/progress', params: null }),
    ];

    const { troubles, requests } = stateOf(...gaps, ...calls);
    expect([troubles.length, requests.calls.length, requests.count, requests.pending.length]).toEqual([
      100, 30, 300, 200,
    ]);
    expect(stateOf(...invalidEvents).requests).toMatchObject({
      tools: [{ name: '5' }],
      calls: [{ state: 'done', text: '[]' }],
    });
  });
});

describe('the lane of a recording', () => {
  it('has the phases, gaps and counts of its whole length', () => {
    const lane = recordedLane(
      recordingOf(
        { t: 10, c: 1, event: 'open' },
        received(20, { method: 'custom/tick' }),
        { t: 50, c: 1, event: 'lost' },
        { t: 75, c: 2, event: 'open' },
        { t: 80, c: 2, event: 'gap', since: 50, until: 75 },
        received(100, { method: 'custom/tick' }),
      ),
      4,
    );

    expect(lane.phases).toEqual([
      { phase: 'connecting', from: 0, to: 0.1 },
      { phase: 'listening', from: 0.1, to: 0.5 },
      { phase: 'reconnecting', from: 0.5, to: 0.75 },
      { phase: 'listening', from: 0.75, to: 1 },
    ]);
    expect(lane.counts).toEqual([1, 0, 0, 1]);
    expect(lane.gaps).toEqual([{ gap: { since: 50, until: 75 }, from: 0.5, to: 0.75 }]);
  });
});

describe('elapsed', () => {
  it.each([
    [0, '0:00.000'],
    [61_234.4, '1:01.234'],
    [3_600_000 + 61_000, '1:01:01.000'],
    [-5, '0:00.000'],
  ])('formats %d ms as %s', (ms, text) => expect(elapsed(ms)).toBe(text));
});
