// Preloaded into a program: on SIGUSR2, collects garbage and writes the bytes of the heap in use to file descriptor 3.
import { writeSync } from 'node:fs';

process.on('SIGUSR2', () => {
  globalThis.gc();
  writeSync(3, `${process.memoryUsage().heapUsed}\n`);
});
