const route = (source, subscribers) => ({ workload: 'routeProgress', source, subscribers });

export const subscribers = {
  title: 'a progress notification to its subscriber, one of 10,000; the hub alone',
  unit: 'ns',
  n: { full: 1_000_000, quick: 100_000 },
  variants: {
    '1 subscriber': route('hub', 1),
    '10,000 subscribers': route('hub', 10_000),
    'plain filter, 1': route('filter', 1),
    // It takes so long that few are enough.
    'plain filter, 10,000': { ...route('filter', 10_000), n: 500 },
  },
  figures: [
    { of: '10,000 subscribers', to: '1 subscriber', atMost: 2.5 },
    { of: 'plain filter, 10,000', to: 'plain filter, 1' },
  ],
};
