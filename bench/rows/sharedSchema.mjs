const route = (check) => ({ workload: 'routeChecked', check, subscribers: 10 });

export const sharedSchema = {
  title: 'a notification to ten subscribers who all have it checked; the hub alone',
  unit: 'ns',
  n: { full: 100_000, quick: 10_000 },
  variants: { 'ten with the schema': route('schema'), 'ten that parse': route('parse'), 'ten without': route('none') },
  figures: [{ of: 'ten with the schema', to: 'ten that parse', atMost: 0.4 }],
};
