import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/**
 * Runs every variant of a row once per round, in turn, so that other load on the machine affects all variants alike.
 */
export async function measureRow({ title, unit, n, warmUp, rounds: maxRounds = Infinity, variants, figures }, options) {
  const size = n?.[options.quick ? 'quick' : 'full'];
  const rounds = Math.min(maxRounds, options.rounds);
  const runs = new Map(Object.keys(variants).map((name) => [name, []]));
  for (let round = 0; round < rounds; round++) {
    for (const [name, variant] of Object.entries(variants)) {
      runs.get(name).push(await runVariant({ n: size, warmUp, ...variant }));
    }
  }
  const measured = Object.fromEntries([...runs].map(([name, all]) => [name, summaryOf(all)]));
  return { title, unit, n: size, rounds, variants: measured, figures: figuresOf(figures, measured) };
}

/** Returns the median and range of all rounds. `null` stands for an event that never arrived. */
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

/** Returns the figures of a row: a median, or the ratio of two medians, and whether it is within its bound. */
function figuresOf(figures, measured) {
  return figures.map(({ of, to, atMost, atLeast, never = false, stretch = false }) => {
    const value = to === undefined ? measured[of].median : measured[of].median / measured[to].median;
    const cpu = to === undefined ? undefined : ratioOf(measured[of].cpu, measured[to].cpu);
    const isMet = never
      ? value === null
      : value !== null && value <= (atMost ?? Infinity) && value >= (atLeast ?? -Infinity);
    return { of, to, atMost, atLeast, never, stretch, value, cpu, isMet };
  });
}

function ratioOf(a, b) {
  return a === undefined || b === undefined ? undefined : a / b;
}

/** Returns the median of numbers. */
export function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

const child = fileURLToPath(new URL('child.mjs', import.meta.url));

/** The timeout of a run, in milliseconds. */
const timeoutMs = 180_000;

/** Runs a workload in a fresh process, with V8 flags if given. Resolves with its measurement. */
export function runVariant({ flags = [], ...variant }) {
  return new Promise((resolve, reject) => {
    let measured;
    fork(child, [JSON.stringify(variant)], {
      execArgv: ['--expose-gc', ...flags],
      timeout: timeoutMs,
      killSignal: 'SIGKILL',
    })
      .on('message', (message) => (measured = message))
      .on('error', reject)
      .on('exit', (code, signal) => {
        if (measured) resolve(measured);
        else reject(new Error(`${JSON.stringify(variant)} ended with ${signal ?? code} and no measurement`));
      });
  });
}
