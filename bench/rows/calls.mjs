const atOnce = (count) => ({ workload: 'calls.atOnce', atOnce: count });
const sharedWrite = (peer) => ({ workload: 'calls.sharedWrite', peer });

/** Rows for tool calls, over stdio. */
export const calls = {
  manyCalls: {
    title: 'a call, with three reports of progress, of 10,000 on one session; stdio',
    unit: 'µs',
    n: { full: 10_000, quick: 2_000 },
    variants: { '10 at once': atOnce(10), '1,000 at once': atOnce(1_000) },
    figures: [{ of: '1,000 at once', to: '10 at once', atMost: 2 }],
  },
  sharedWrite: {
    title: 'progress delivered, of 200 calls with three each, when it shares a write with its result; stdio',
    unit: 'of 600',
    n: { full: 200, quick: 200 },
    variants: { 'rx-mcp': sharedWrite('rxMcp'), 'raw SDK': sharedWrite('rawSdk'), 'SDK v2': sharedWrite('sdkV2') },
    figures: [{ of: 'rx-mcp', atLeast: 600 }],
  },
};
