// Clients that are intentionally wrong: node controls/client.mjs idle|failing|hanging|stubborn
import { setInterval } from 'node:timers';

const [, , kind] = process.argv;
if (kind === 'failing') process.exit(1);
if (kind === 'stubborn') process.on('SIGTERM', () => {});
// An idle client does nothing and exits with 0. The other two never exit.
if (kind !== 'idle') setInterval(() => {}, 1_000);
