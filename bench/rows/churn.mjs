// Having seen 10,000 subscriptions stay, V8 takes the next for long-lived ones too, and leaves them to the slow collector. How
// soon it learns better is a matter of chance, and has nothing to do with who routes them: a Subject by itself shows the same.
const flags = ['--no-allocation-site-pretenuring'];

const cycle = (source, others, reuse) => ({ workload: 'churn', source, others, reuse, flags });

export const churn = {
  title: 'subscribe, three notifications, unsubscribe, beside 10,000 others',
  unit: 'µs',
  n: { full: 100_000, quick: 10_000 },
  variants: {
    'beside 1': cycle('hub', 1, false),
    'beside 10,000': cycle('hub', 10_000, false),
    'same token, beside 1': cycle('hub', 1, true),
    'same token, beside 10,000': cycle('hub', 10_000, true),
    'beside 10,000, V8 guessing': { ...cycle('hub', 10_000, false), flags: [] },
    'plain filter, beside 1': cycle('filter', 1, false),
    'plain filter, beside 10,000': { ...cycle('filter', 10_000, false), n: 100 },
  },
  figures: [
    { of: 'beside 10,000', to: 'beside 1', atMost: 1.5 },
    { of: 'same token, beside 10,000', to: 'same token, beside 1', atMost: 1.5 },
    { of: 'plain filter, beside 10,000', to: 'plain filter, beside 1' },
  ],
};
