/**
 * Counts notifications and measures `n` of them from the first to the last, after `warmUp` others, in milliseconds of wall-clock
 * and of CPU time. Rejects if one is missing or out of order.
 *
 * @param indexOf - returns the index in a notification.
 */
export function countdown({ n, warmUp = 0 }, indexOf = ({ params }) => params.index) {
  const last = warmUp + n;
  let next = 0;
  let startedAt;
  let startedUsing;
  let settle;
  const finished = new Promise((resolve, reject) => {
    settle = { resolve, reject };
  });

  function take(notification) {
    if (next === warmUp) {
      startedUsing = process.cpuUsage();
      startedAt = process.hrtime.bigint();
    }
    const index = indexOf(notification);
    if (index !== next++) settle.reject(new Error(`notification ${index} came where ${next - 1} was expected`));
    if (next < last) return;
    const value = Number(process.hrtime.bigint() - startedAt) / 1e6;
    const { user, system } = process.cpuUsage(startedUsing);
    settle.resolve({ value, cpu: (user + system) / 1000 });
  }

  return { take, finished, total: last };
}
