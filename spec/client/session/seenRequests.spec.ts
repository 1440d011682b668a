import { createSeenRequests } from '../../../lib/client/session/taskProtocol';

const request = (id: string | number, method = 'custom/ask') => ({ jsonrpc: '2.0' as const, id, method });

describe('createSeenRequests', () => {
  it('detects a repeated request, but not a ping', () => {
    const isRepeated = createSeenRequests();

    expect([request(1), request('1'), request(1)].map(isRepeated)).toEqual([false, false, true]);
    expect([request(2, 'ping'), request(2, 'ping')].map(isRepeated)).toEqual([false, false]);
  });

  it('forgets the oldest ids beyond its limit', () => {
    const isRepeated = createSeenRequests();
    for (let id = 0; id <= 1_024; id++) isRepeated(request(id));

    expect(isRepeated(request(1_024))).toBe(true);
    expect(isRepeated(request(0))).toBe(false);
  });

  it('does not remember ids that are too long', () => {
    const isRepeated = createSeenRequests();
    const long = 'x'.repeat(1_025);

    expect([request(long), request(long)].map(isRepeated)).toEqual([false, false]);
  });
});
