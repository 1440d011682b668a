import { figuresOf } from './figuresOf.mjs';
import { median } from './median.mjs';
import { runVariant } from './runVariant.mjs';

/**
 * Runs every variant of a row once a round, one after the other, round after round: whatever else the machine does comes
 * over all of them alike.
 */
export async function measureRow({ title, unit, n, warmUp, rounds = Infinity, variants, figures }, options) {
  const size = n?.[options.quick ? 'quick' : 'full'];
  const runs = new Map(Object.keys(variants).map((name) => [name, []]));
  for (let round = 0; round < Math.min(rounds, options.rounds); round++) {
    for (const [name, variant] of Object.entries(variants)) {
      runs.get(name).push(await runVariant({ n: size, warmUp, ...variant }));
    }
  }
  const measured = Object.fromEntries([...runs].map(([name, all]) => [name, summaryOf(all)]));
  return { title, unit, n: size, variants: measured, figures: figuresOf(figures, measured) };
}

/** The middle of all rounds, and how far they lie apart; `null` is for what never came. */
function summaryOf(runs) {
  const values = runs.map(({ value }) => value ?? Infinity);
  const cpus = runs.map(({ cpu }) => cpu).filter((cpu) => cpu !== undefined);
  return {
    median: finite(median(values)),
    min: finite(Math.min(...values)),
    max: finite(Math.max(...values)),
    cpu: cpus.length > 0 ? median(cpus) : undefined,
    values: values.map(finite),
  };
}

function finite(value) {
  return Number.isFinite(value) ? value : null;
}
