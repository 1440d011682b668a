/** Milliseconds that `work` keeps this process busy. */
export function timed(work) {
  const startedAt = process.hrtime.bigint();
  work();
  return Number(process.hrtime.bigint() - startedAt) / 1e6;
}
