// A page that watches two servers: npm run dashboard [-- --port n]
import { parseArgs } from 'node:util';
import { concatMap, filter, firstValueFrom, fromEvent, merge } from 'rxjs';
import { keys } from './serve/keys';
import { managedServer, type ManagedServer } from './serve/managedServer';
import { serveDashboard } from './serve/serveDashboard';

const { values } = parseArgs({ options: { port: { type: 'string', default: '0' } } });
const pressed$ = keys(process.stdin);
const ended = firstValueFrom(
  merge(
    fromEvent(process, 'SIGINT'),
    fromEvent(process, 'SIGTERM'),
    fromEvent(process, 'SIGHUP'),
    pressed$.pipe(filter((key) => key === 'ctrl-c' || key === 'q')),
  ),
);

// The servers accept only the origin of the page, so the page is served first.
const servers: ManagedServer[] = [];
const dashboard = await serveDashboard(Number(values.port), servers);
const start = (name: string, ...args: string[]) => managedServer(name, ['--origin', dashboard.origin, ...args]);
try {
  servers.push(
    ...(await Promise.all([start('workshop', '--heartbeat', '500'), start('archive', '--heartbeat', '2000')])),
  );
  console.log(`The dashboard is at ${dashboard.origin}`);
  for (const { name, url } of servers) console.log(`  ${name}: ${url}`);
  console.log(
    process.stdin.isTTY ? 'k kills the workshop, s starts it again, Ctrl-C ends everything' : 'Ctrl-C ends everything',
  );
  const [workshop] = servers;
  const orders$ = pressed$.pipe(
    concatMap(async (key) => {
      if (key === 'k') await workshop!.kill();
      if (key === 's') await workshop!.start();
    }),
  );
  orders$.subscribe({ error: (error: unknown) => console.error(error) });
  await ended;
} finally {
  if (process.stdin.isTTY) process.stdin.setRawMode(false);
  process.stdin.pause();
  await Promise.all([dashboard.close(), ...servers.map((server) => server.stop())]);
}
// A safety net: nothing should keep the process running at this point.
setTimeout(() => process.exit(), 2_000).unref();
