import { usage } from './usage';

/**
 * Runs a function many times, and prints the resources of the process before and after as a `SoakReport`. Half as many rounds
 * warm the process up, because caches and compiled code are not leaks.
 */
export async function soak(name: string, rounds: number, round: (n: number) => Promise<void> | void): Promise<void> {
  const many = async (from: number, to: number): Promise<void> => {
    for (let n = from; n < to; n++) await round(n);
  };
  await many(0, rounds / 2);
  const before = await usage();
  await many(rounds / 2, rounds * 1.5);
  const after = await usage();
  console.log(JSON.stringify({ name, rounds, before, after }));
}
