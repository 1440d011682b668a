/** Waits until all pending in-memory work has finished: it takes fewer turns of the event loop than this. */
export async function idle(): Promise<void> {
  for (let turn = 0; turn < 50; turn++) await new Promise((resolve) => setImmediate(resolve));
}
