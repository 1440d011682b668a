// Reconnecting as soon as the network is available again: npx tsx examples/online.ts [url]
import { HttpConnector, MCPSession, ofMethod } from 'rx-mcp';
import { distinctUntilChanged, filter, firstValueFrom, fromEvent, map, race, timer } from 'rxjs';
import { exampleServer } from '../demo/server/exampleServer';

const server = await exampleServer();

// Stands for `window`, which dispatches `online` in a browser.
const window = new EventTarget();
const online$ = fromEvent(window, 'online');

// As with RxJS's retry, the next attempt starts when the notifier emits: here on the event, or after a delay.
const connector = new HttpConnector(server.url, {
  reconnect: { delay: (_error, count) => race(online$, timer(500 * 2 ** count)) },
});
const session = new MCPSession(connector);

const isListening$ = session.status$.pipe(
  map((status) => status.state === 'connected' && status.listening),
  distinctUntilChanged(),
);
isListening$.subscribe((isListening) => console.log(isListening ? 'online' : 'offline'));
await session.connect();

if (server.restart) {
  const offline = firstValueFrom(isListening$.pipe(filter((isListening) => !isListening)));
  await Promise.all([server.restart(), offline]);
  window.dispatchEvent(new Event('online'));
  await firstValueFrom(isListening$.pipe(filter((isListening) => isListening)));
}
const { method } = await firstValueFrom(session.notifications$.pipe(ofMethod('custom/heartbeat')));
console.log(method);

await session.disconnect();
await server.stop();
