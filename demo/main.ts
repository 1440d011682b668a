// Watches a server live in the terminal: npm start [-- --help]
import { defer, firstValueFrom, fromEvent, merge, ReplaySubject, share, timeout } from 'rxjs';
import { readArguments } from './arguments';
import { eventsOf } from './scenario';
import { count, emptySummary } from './summary';
import { createRenderer } from './terminal/renderer';
import { describeError } from './terminal/text';

const { argv, stdout, stderr } = process;

// A closed pipe (`npm start | head`) also interrupts. Replayed, because the user may interrupt while the server is starting.
const interrupted$ = merge(
  fromEvent(process, 'SIGINT'),
  fromEvent(process, 'SIGTERM'),
  fromEvent(stdout, 'error'),
).pipe(share({ connector: () => new ReplaySubject(1), resetOnRefCountZero: false }));
// Stay subscribed, so that a second Ctrl-C does not abort the cleanup.
interrupted$.subscribe();

async function main(): Promise<void> {
  const { json, intro, print, createScenario } = readArguments(argv.slice(2));
  if (print !== undefined) {
    stdout.write(`${print}\n`);
    return;
  }
  const renderer = createRenderer(stdout, json);
  renderer.begin(intro);
  const scenario = await firstValueFrom(defer(async () => createScenario()).pipe(timeout(30_000)));
  let summary = emptySummary;
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
// A safety net: by now everything is closed, so the process exits earlier.
setTimeout(() => process.exit(), 5_000).unref();
