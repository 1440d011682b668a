/**
 * Takes notifications, and tells how long `n` of them took from the first to the last, after `warmUp` others: in
 * milliseconds on the clock, and of processor time. Fails when one is missing or out of order: what is lost is not fast.
 *
 * @param indexOf - where a notification carries its index.
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
