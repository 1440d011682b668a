import { rehearse } from './rehearsal';

describe('a rolling deploy of the server', () => {
  const seed = Number(process.env['SEED'] ?? Math.floor(Math.random() * 2 ** 32));

  it(`is survived, 15 times in a row (seed ${seed})`, async () => {
    const { rounds, problems } = await rehearse(15, seed);
    expect({ rounds, problems }).toEqual({ rounds: 15, problems: [] });
  }, 120_000);
});
