// A client that comes to no end.
import { setInterval } from 'node:timers';

setInterval(() => {}, 1_000);
