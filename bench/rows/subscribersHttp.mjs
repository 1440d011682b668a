const receive = (subscribers) => ({ workload: 'receiveProgress', subscribers });

export const subscribersHttp = {
  title: '50,000 progress notifications to their subscribers, one of 10,000 each; over HTTP',
  unit: 'ms',
  n: { full: 50_000, quick: 10_000 },
  warmUp: 10_000,
  variants: { '1 subscriber': receive(1), '10,000 subscribers': receive(10_000) },
  figures: [{ of: '10,000 subscribers', to: '1 subscriber', atMost: 1.5 }],
};
