import { createRingBuffer } from '../model/ringBuffer';

describe('a ring buffer', () => {
  it('keeps the latest values and returns the replaced ones', () => {
    const buffer = createRingBuffer<number>(3);

    const replaced = [1, 2, 3, 4, 5].map((item) => buffer.push(item));

    expect(replaced).toEqual([undefined, undefined, undefined, 1, 2]);
    expect([...buffer]).toEqual([3, 4, 5]);
    expect([buffer.at(0), buffer.at(2), buffer.at(3), buffer.at(-1)]).toEqual([3, 5, undefined, undefined]);
  });

  it('drops the oldest first', () => {
    const buffer = createRingBuffer<number>(2);
    for (const item of [1, 2, 3]) buffer.push(item);

    expect([buffer.shift(), buffer.shift(), buffer.shift()]).toEqual([2, 3, undefined]);
    expect(buffer.size).toBe(0);
  });

  it('can be used again after it is cleared', () => {
    const buffer = createRingBuffer<number>(2);
    for (const item of [1, 2, 3]) buffer.push(item);

    buffer.clear();
    buffer.push(4);

    expect([...buffer]).toEqual([4]);
  });
});
