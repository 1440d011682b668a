/** Lets everything that is under way in memory come to rest: nothing there takes as many turns of the event loop. */
export async function idle(): Promise<void> {
  for (let turn = 0; turn < 50; turn++) await new Promise((resolve) => setImmediate(resolve));
}
