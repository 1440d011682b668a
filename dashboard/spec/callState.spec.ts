import { advance, startedCall, type CallStep } from '../model/callState';

const request = { id: 1, server: 'one', tool: 'long_task', args: {} };
const after = (...steps: CallStep[]) => steps.reduce(advance, startedCall(request));
const progress = (of: { progress: number; total?: number; message?: string }): CallStep => ({
  kind: 'progress',
  progressToken: 1,
  ...of,
});

describe('callState', () => {
  it('is running without progress until the server reports some', () => {
    expect(after()).toMatchObject({ state: 'running', text: 'waiting' });
    expect(after(progress({ progress: 3 }))).toMatchObject({ done: undefined, text: '3' });
    expect(after(progress({ progress: 1, total: 4 }))).toMatchObject({ done: 0.25, text: '1 of 4' });
    expect(after(progress({ progress: 9, total: 4, message: 'soon' }))).toMatchObject({ done: 1, text: 'soon' });
    expect(after(progress({ progress: 1, total: 0 }))).toMatchObject({ done: undefined });
  });

  it('is done with a result, or failed with isError', () => {
    const content = [
      { type: 'text' as const, text: 'all' },
      { type: 'image' as const, data: '', mimeType: 'image/png' },
    ];

    expect(after({ kind: 'result', result: { content } })).toMatchObject({ state: 'done', text: 'all [image]' });
    expect(after({ kind: 'result', result: { content, isError: true } })).toMatchObject({ state: 'failed' });
  });

  it('fails with the name of an error', () => {
    const error = new TypeError('x'.repeat(1_000));

    const { state, text } = after({ kind: 'failed', error });

    expect([state, text.slice(0, 12), text.length]).toEqual(['failed', 'TypeError: x', 301]);
  });

  it('keeps its progress when it is cancelled', () => {
    const call = after(progress({ progress: 1, total: 2 }), { kind: 'cancelled' });

    expect(call).toMatchObject({ state: 'cancelled', done: 0.5 });
  });
});
