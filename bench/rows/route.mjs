// After 10,000 subscriptions that stay, V8 allocates the next ones as long-lived, for the slow collector. How soon it adapts is
// chance and does not depend on the router: a plain Subject shows the same.
const flags = ['--no-allocation-site-pretenuring'];

const progress = (source, subscribers) => ({ workload: 'route.progress', source, subscribers });
const churn = (source, others, reuse) => ({ workload: 'route.churn', source, others, reuse, flags });
const checked = (check) => ({ workload: 'route.checked', check, subscribers: 10 });

/** Rows for routing: the hub alone, without I/O. */
export const route = {
  subscribers: {
    title: 'a progress notification to its subscriber, one of 10,000; the hub alone',
    unit: 'ns',
    n: { full: 1_000_000, quick: 100_000 },
    variants: {
      '1 subscriber': progress('hub', 1),
      '10,000 subscribers': progress('hub', 10_000),
      'plain filter, 1': progress('filter', 1),
      // Slow enough that few are enough.
      'plain filter, 10,000': { ...progress('filter', 10_000), n: 500 },
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
      'beside 10,000, V8 guessing': { ...churn('hub', 10_000, false), flags: [] },
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
      'ten with the schema': checked('schema'),
      'ten that parse': checked('parse'),
      'ten without': checked('none'),
    },
    figures: [{ of: 'ten with the schema', to: 'ten that parse', atMost: 0.4 }],
  },
};
