// Reconnecting with RxJS's retry, without a session: npx tsx examples/reconnect.ts [url]
import { backoff, HttpConnector, ofMethod } from 'rx-mcp';
import { concatMap, lastValueFrom, retry, switchMap, take, tap } from 'rxjs';
import { exampleServer } from '../demo/server/exampleServer';

const server = await exampleServer();

// By default, a connection reopens a dropped stream. With `reconnect: false`, the drop is an error, like any other loss.
const connector = new HttpConnector(server.url, { reconnect: false });

// Subscribing connects, and unsubscribing closes the connection. A loss is an error, so `retry` reconnects.
const connection$ = connector.connect().pipe(
  tap({
    next: ({ serverInfo }) => console.log(`connected to ${serverInfo.name}`),
    error: (error: unknown) => console.log(`lost: ${String(error)}`),
  }),
  retry(backoff({ initialDelay: 100, maxDelay: 1_000 })),
);

// Prints two heartbeats per connection. The server is restarted after the first two, unless it was passed by its URL.
const beats$ = connection$.pipe(
  switchMap(({ notifications$ }) => notifications$.pipe(ofMethod('custom/heartbeat'), take(2))),
  tap(({ params }) => console.log(`heartbeat ${String(params?.['count'])}`)),
  concatMap(async (_, index) => index === 1 && server.restart?.()),
  take(server.restart ? 4 : 2),
);
await lastValueFrom(beats$);

await server.stop();
