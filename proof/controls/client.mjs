// Clients that are wrong on purpose: node controls/client.mjs idle|failing|hanging|stubborn
import { setInterval } from 'node:timers';

const [, , kind] = process.argv;
if (kind === 'failing') process.exit(1);
if (kind === 'stubborn') process.on('SIGTERM', () => {});
// An idle client exits with 0 and does nothing; the other two never exit.
if (kind !== 'idle') setInterval(() => {}, 1_000);
