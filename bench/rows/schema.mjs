const receive = (check) => ({ workload: 'receiveChecked', check });

export const schema = {
  title: '50,000 custom notifications over HTTP, checked against a schema',
  unit: 'ms',
  n: { full: 50_000, quick: 5_000 },
  warmUp: 10_000,
  variants: { 'no schema': receive('none'), 'a schema': receive('schema') },
  figures: [{ of: 'a schema', to: 'no schema', atMost: 1.25 }],
};
