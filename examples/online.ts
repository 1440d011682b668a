// Reconnecting as soon as the network is available again: npx tsx examples/online.ts [url]
import { HttpConnector, MCPSession, ofMethod } from 'rx-mcp';
import { distinctUntilChanged, filter, firstValueFrom, fromEvent, map, race, timer } from 'rxjs';
import { givenServer } from '../demo/server/givenServer';

const server = await givenServer();

// In a page, use `window`, which emits `online`.
const network = new EventTarget();
const online$ = fromEvent(network, 'online');

// As in RxJS, an emission of the notifier triggers the next attempt. Here it is the network or a timer.
const connector = new HttpConnector(server.url, {
  reconnect: { delay: (_error, count) => race(online$, timer(500 * 2 ** count)) },
});
const session = new MCPSession(connector);
const listens$ = session.status$.pipe(map((status) => status.state === 'connected' && status.listening));
listens$.pipe(distinctUntilChanged()).subscribe((listens) => console.log(listens ? 'online' : 'offline'));
await session.connect();

if (server.restart) {
  const offline = firstValueFrom(listens$.pipe(filter((listens) => !listens)));
  const restarted = server.restart();
  await offline;
  await restarted;
  network.dispatchEvent(new Event('online'));
  await firstValueFrom(listens$.pipe(filter((listens) => listens)));
}
const beat = await firstValueFrom(session.notifications$.pipe(ofMethod('custom/heartbeat')));
console.log(beat.method);

await session.disconnect();
await server.stop();
