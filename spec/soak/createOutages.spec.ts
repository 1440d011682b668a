import { createOutages } from './createOutages';

describe('outages', () => {
  let time = 0;
  const create = (shared?: ReturnType<typeof createOutages>) => createOutages(shared, () => time);

  it('counts overlapping outages once', () => {
    time = 100;
    const outages = create();
    outages.add(0, 10);
    outages.add(5, 20);
    outages.add(6, 8);
    outages.add(30, 40);

    expect(outages.total()).toBe(30);
  });

  it('counts an open outage until now, and a completed one until its first end', () => {
    time = 0;
    const outages = create();
    const end = outages.begin();
    time = 10;
    expect(outages.total()).toBe(10);
    end();
    time = 50;
    end();

    expect(outages.total()).toBe(10);
  });

  it('includes shared outages', () => {
    time = 100;
    const shared = create();
    const outages = create(shared);
    shared.add(0, 10);
    outages.add(5, 20);

    expect(outages.total()).toBe(20);
    expect(shared.total()).toBe(10);
  });

  it('returns how long the server has been reachable', () => {
    const outages = create();
    time = 10;
    const end = outages.begin();
    expect(outages.reachableFor(0)).toBeUndefined();
    time = 20;
    end();
    time = 50;

    expect(outages.reachableFor(0)).toBe(30);
    expect(outages.reachableFor(40)).toBe(10);
  });
});
