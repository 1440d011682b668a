const over = (wire) => (peer, more) => ({ workload: `receive.over${wire}`, peer, ...more });
const [overHttp, overStdio, overMemory, overModern] = ['Http', 'Stdio', 'Memory', 'Modern'].map(over);
const checked = (check) => ({ workload: 'subscribe.checked', check });
const progress = (subscribers) => ({ workload: 'subscribe.progress', subscribers });
const fromMany = (listener, tokens) => ({ workload: 'manyServers.receive', listener, servers: 100, tokens });

/** Rows for receiving: from the first notification of a flood to the last, by wire. */
export const receive = {
  http: {
    title: '50,000 custom notifications on one GET stream',
    unit: 'ms',
    n: { full: 50_000, quick: 5_000 },
    warmUp: 10_000,
    variants: {
      'rx-mcp': overHttp('rxMcp'),
      'raw SDK': overHttp('rawSdk'),
      'bare reader': overHttp('bare'),
      'SDK v2': overHttp('sdkV2'),
      'mcp-use': overHttp('mcpUse'),
      'rx-mcp, event ids': overHttp('rxMcp', { ids: true }),
      'raw SDK, event ids': overHttp('rawSdk', { ids: true }),
      'bare reader, event ids': overHttp('bare', { ids: true }),
    },
    figures: [
      { of: 'rx-mcp', to: 'raw SDK', atMost: 0.12 },
      { of: 'rx-mcp', to: 'bare reader', atMost: 1.3 },
      { of: 'rx-mcp, event ids', to: 'raw SDK, event ids', atMost: 0.136 },
      { of: 'rx-mcp, event ids', to: 'bare reader, event ids' },
    ],
  },
  modern: {
    title: '50,000 updates of a resource on one subscription of protocol 2026-07-28',
    unit: 'ms',
    n: { full: 50_000, quick: 5_000 },
    warmUp: 10_000,
    variants: { 'rx-mcp': overModern('rxMcp'), 'SDK v2': overModern('sdkV2'), 'bare reader': overModern('bare') },
    figures: [
      { of: 'rx-mcp', to: 'SDK v2', atMost: 0.15 },
      { of: 'rx-mcp', to: 'bare reader' },
    ],
  },
  firstMoments: {
    title: 'the first 5,000 notifications that a fresh process receives, on one GET stream',
    unit: 'ms',
    n: { full: 5_000, quick: 5_000 },
    variants: { 'rx-mcp': overHttp('rxMcp'), 'raw SDK': overHttp('rawSdk'), 'bare reader': overHttp('bare') },
    figures: [
      { of: 'rx-mcp', to: 'raw SDK' },
      { of: 'rx-mcp', to: 'bare reader' },
    ],
  },
  stdio: {
    title: '50,000 custom notifications over the standard output of a program',
    unit: 'ms',
    n: { full: 50_000, quick: 5_000 },
    warmUp: 10_000,
    variants: {
      'rx-mcp': overStdio('rxMcp'),
      'raw SDK': overStdio('rawSdk'),
      'bare reader': overStdio('bare'),
      'SDK v2': overStdio('sdkV2'),
    },
    figures: [
      { of: 'rx-mcp', to: 'raw SDK', atMost: 0.2 },
      { of: 'rx-mcp', to: 'raw SDK', atMost: 0.07, stretch: true },
    ],
  },
  // More than elsewhere: V8 compiles the path for longer than 50,000 notifications take.
  memory: {
    title: '200,000 custom notifications over a transport in memory',
    unit: 'ms',
    n: { full: 200_000, quick: 20_000 },
    warmUp: 50_000,
    variants: {
      'rx-mcp': overMemory('rxMcp'),
      'raw SDK': overMemory('rawSdk'),
      'bare reader': overMemory('bare'),
      'SDK v2': overMemory('sdkV2'),
    },
    figures: [{ of: 'rx-mcp', to: 'raw SDK', atMost: 0.03 }],
  },
  schema: {
    title: '50,000 custom notifications over HTTP, checked against a schema',
    unit: 'ms',
    n: { full: 50_000, quick: 5_000 },
    warmUp: 10_000,
    variants: { 'no schema': checked('none'), 'a schema': checked('schema') },
    figures: [{ of: 'a schema', to: 'no schema', atMost: 1.25 }],
  },
  subscribersHttp: {
    title: '50,000 progress notifications to their subscribers, one of 10,000 each; over HTTP',
    unit: 'ms',
    n: { full: 50_000, quick: 10_000 },
    warmUp: 10_000,
    variants: { '1 subscriber': progress(1), '10,000 subscribers': progress(10_000) },
    figures: [{ of: '10,000 subscribers', to: '1 subscriber', atMost: 1.5 }],
  },
  manyServers: {
    title: '50,000 notifications from 100 servers under one client',
    unit: 'ms',
    n: { full: 50_000, quick: 10_000 },
    warmUp: 10_000,
    variants: {
      'rx-mcp': fromMany('together'),
      'raw SDK': fromMany('raw'),
      'rx-mcp, 100 subscribers': fromMany('byToken', 1),
      'rx-mcp, 10,000 subscribers': fromMany('byToken', 100),
    },
    figures: [
      { of: 'rx-mcp', to: 'raw SDK', atMost: 0.12 },
      { of: 'rx-mcp, 10,000 subscribers', to: 'rx-mcp, 100 subscribers', atMost: 1.5 },
    ],
  },
};
