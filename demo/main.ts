// Watches a server live, in the terminal: npm start [-- --help]
import { defer, firstValueFrom, fromEvent, merge, ReplaySubject, share, timeout } from 'rxjs';
import { count, nothing } from './count';
import { eventsOf } from './eventsOf';
import { readArguments } from './readArguments';
import { usage } from './usage';
import { createRenderer } from './terminal/createRenderer';
import { describeError } from './terminal/describeError';

const { argv, stdout, stderr } = process;

// Also when nobody reads any more: `npm start | head`. Remembered, since it may come while the server is being started.
const interrupted$ = merge(
  fromEvent(process, 'SIGINT'),
  fromEvent(process, 'SIGTERM'),
  fromEvent(stdout, 'error'),
).pipe(share({ connector: () => new ReplaySubject(1), resetOnRefCountZero: false }));
// From the first moment to the last: a second Ctrl-C is not to cut the orderly end short.
interrupted$.subscribe();

async function main(): Promise<void> {
  const { json, help, createScenario } = readArguments(argv.slice(2));
  if (help) {
    stdout.write(`${usage}\n`);
    return;
  }
  const scenario = await firstValueFrom(defer(async () => createScenario()).pipe(timeout(30_000)));
  const renderer = createRenderer(stdout, json);
  let summary = nothing;
  try {
    await eventsOf(scenario, interrupted$).forEach((event) => {
      renderer.show(event);
      summary = count(summary, event);
    });
  } finally {
    await scenario.session.disconnect();
    await scenario.close();
    renderer.end(summary);
  }
}

try {
  await main();
} catch (error) {
  stderr.write(`${describeError(error)}\n`);
  process.exitCode = 1;
}
// There should be nothing left to wait for; if there is, it is not waited for.
setTimeout(() => process.exit(), 5_000).unref();
