const callAtOnce = (atOnce) => ({ workload: 'callAtOnce', atOnce });

export const manyCalls = {
  title: 'a call, with three reports of progress, of 10,000 on one session; stdio',
  unit: 'µs',
  n: { full: 10_000, quick: 2_000 },
  variants: { '10 at once': callAtOnce(10), '1,000 at once': callAtOnce(1_000) },
  figures: [{ of: '1,000 at once', to: '10 at once', atMost: 2 }],
};
