import { named, variantsOf } from './variants.mjs';

const over = (wire, names, params) => variantsOf(`receive.over${wire}`, names, params);
const checked = (check) => ({ workload: 'route.checkedOverHttp', check });
const progress = (subscribers) => ({ workload: 'route.progressOverHttp', subscribers });
const fromMany = (listener, tokens) => ({ workload: 'manyServers.receive', listener, servers: 100, tokens });

/** Rows for receiving: from the first notification of a flood to the last, by wire. */
export const receive = {
  http: {
    title: '50,000 custom notifications on one GET stream',
    unit: 'ms',
    n: { full: 50_000, quick: 5_000 },
    warmUp: 10_000,
    variants: {
      ...over('Http', ['rx-mcp', 'raw SDK', 'bare reader', 'SDK v2', 'mcp-use']),
      ...named(', event ids', over('Http', ['rx-mcp', 'raw SDK', 'bare reader'], { ids: true })),
    },
    figures: [
      { of: 'rx-mcp', to: 'raw SDK', atMost: 0.12 },
      { of: 'rx-mcp', to: 'bare reader', atMost: 1.3 },
      { of: 'rx-mcp, event ids', to: 'raw SDK, event ids', atMost: 0.136 },
      { of: 'rx-mcp, event ids', to: 'bare reader, event ids' },
    ],
  },
  wire: {
    title: '200,000 custom notifications on one GET stream, while `wire$` has no subscriber',
    unit: 'ms',
    n: { full: 200_000, quick: 20_000 },
    warmUp: 20_000,
    variants: over('Http', ['rx-mcp', 'rx-mcp, without wire$']),
    figures: [{ of: 'rx-mcp', to: 'rx-mcp, without wire$', atMost: 1.05 }],
  },
  modern: {
    title: '50,000 updates of a resource on one subscription of protocol 2026-07-28',
    unit: 'ms',
    n: { full: 50_000, quick: 5_000 },
    warmUp: 10_000,
    variants: over('Modern', ['rx-mcp', 'SDK v2', 'bare reader']),
    figures: [
      { of: 'rx-mcp', to: 'SDK v2', atMost: 0.15 },
      { of: 'rx-mcp', to: 'bare reader' },
    ],
  },
  firstMoments: {
    title: 'the first 5,000 notifications that a fresh process receives, on one GET stream',
    unit: 'ms',
    n: { full: 5_000, quick: 5_000 },
    variants: over('Http', ['rx-mcp', 'raw SDK', 'bare reader']),
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
    variants: over('Stdio', ['rx-mcp', 'raw SDK', 'bare reader', 'SDK v2']),
    figures: [
      { of: 'rx-mcp', to: 'raw SDK', atMost: 0.2 },
      { of: 'rx-mcp', to: 'raw SDK', atMost: 0.07, stretch: true },
    ],
  },
  // More than in other rows, because V8 takes longer to compile the code than to deliver 50,000 notifications.
  memory: {
    title: '200,000 custom notifications over a transport in memory',
    unit: 'ms',
    n: { full: 200_000, quick: 20_000 },
    warmUp: 50_000,
    variants: over('Memory', ['rx-mcp', 'raw SDK', 'bare reader', 'SDK v2']),
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

// After 10,000 permanent subscriptions, V8 allocates new ones in the old generation, where collecting them is slow. How soon it
// adapts is random and does not depend on the router: a plain Subject behaves the same.
const flags = ['--no-allocation-site-pretenuring'];

const routed = (source, subscribers) => ({ workload: 'route.progress', source, subscribers });
const churn = (source, others, reuse) => ({ workload: 'route.churn', source, others, reuse, flags });
const shared = (check) => ({ workload: 'route.checked', check, subscribers: 10 });

/** Rows for routing: the hub alone, without I/O. */
export const route = {
  subscribers: {
    title: 'a progress notification to its subscriber, one of 10,000; the hub alone',
    unit: 'ns',
    n: { full: 1_000_000, quick: 100_000 },
    variants: {
      '1 subscriber': routed('hub', 1),
      '10,000 subscribers': routed('hub', 10_000),
      'plain filter, 1': routed('filter', 1),
      // Slow enough that a small number is sufficient.
      'plain filter, 10,000': { ...routed('filter', 10_000), n: 500 },
    },
    figures: [
      { of: '10,000 subscribers', to: '1 subscriber', atMost: 2.5 },
      { of: 'plain filter, 10,000', to: 'plain filter, 1' },
    ],
  },
  churn: {
    title: 'subscribe, three notifications, unsubscribe, beside 10,000 others',
    unit: 'µs',
    n: { full: 100_000, quick: 10_000 },
    variants: {
      'beside 1': churn('hub', 1, false),
      'beside 10,000': churn('hub', 10_000, false),
      'same token, beside 1': churn('hub', 1, true),
      'same token, beside 10,000': churn('hub', 10_000, true),
      'beside 10,000, before V8 adapts': { ...churn('hub', 10_000, false), flags: [] },
      'plain filter, beside 1': churn('filter', 1, false),
      'plain filter, beside 10,000': { ...churn('filter', 10_000, false), n: 100 },
    },
    figures: [
      { of: 'beside 10,000', to: 'beside 1', atMost: 1.5 },
      { of: 'same token, beside 10,000', to: 'same token, beside 1', atMost: 1.5 },
      { of: 'plain filter, beside 10,000', to: 'plain filter, beside 1' },
    ],
  },
  sharedSchema: {
    title: 'a notification to ten subscribers that all validate it; the hub alone',
    unit: 'ns',
    n: { full: 100_000, quick: 10_000 },
    variants: {
      'ten with the schema': shared('schema'),
      'ten that parse': shared('parse'),
      'ten without': shared('none'),
    },
    figures: [{ of: 'ten with the schema', to: 'ten that parse', atMost: 0.4 }],
  },
};

const atOnce = (count) => ({ workload: 'calls.atOnce', atOnce: count });

/** Rows for tool calls, over stdio. */
export const calls = {
  manyCalls: {
    title: 'a call, with three reports of progress, of 10,000 on one session; stdio',
    unit: 'µs',
    n: { full: 10_000, quick: 2_000 },
    variants: { '10 at once': atOnce(10), '1,000 at once': atOnce(1_000) },
    figures: [{ of: '1,000 at once', to: '10 at once', atMost: 2 }],
  },
  abandonedCalls: {
    title: '10,000 calls over HTTP that are unsubscribed in their own tick, of which nothing is sent',
    unit: 'ms',
    n: { full: 10_000, quick: 10_000 },
    variants: { 'rx-mcp': { workload: 'calls.abandon' } },
    figures: [{ of: 'rx-mcp', atMost: 1_000 }],
  },
  sharedWrite: {
    title: 'progress delivered, of 200 calls with three each, when it shares a write with its result; stdio',
    unit: 'of 600',
    n: { full: 200, quick: 200 },
    variants: variantsOf('calls.sharedWrite', ['rx-mcp', 'raw SDK', 'SDK v2']),
    figures: [{ of: 'rx-mcp', atLeast: 600 }],
  },
};
