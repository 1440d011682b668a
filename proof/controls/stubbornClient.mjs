// A client that comes to no end, and does not listen to who says that it should.
import { setInterval } from 'node:timers';

process.on('SIGTERM', () => {});
setInterval(() => {}, 1_000);
