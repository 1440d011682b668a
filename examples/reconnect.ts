// Reconnecting with RxJS's retry, without a session: npx tsx examples/reconnect.ts [url]
import { backoff, HttpConnector, ofMethod } from 'rx-mcp';
import { lastValueFrom, mergeMap, retry, switchMap, take, tap } from 'rxjs';
import { givenServer } from '../demo/server/givenServer';

const server = await givenServer();

// By default, a connection reopens a dropped stream. With `reconnect: false`, a drop is an error like any other loss.
const connector = new HttpConnector(server.url, { reconnect: false });

// Subscribing connects, unsubscribing closes, and a loss is an error, so the policy is one operator.
const connection$ = connector.connect().pipe(
  tap({
    next: ({ serverInfo }) => console.log(`connected to ${serverInfo.name}`),
    error: (error: unknown) => console.log(`lost: ${String(error)}`),
  }),
  retry(backoff({ initialDelay: 100, maxDelay: 1_000 })),
);

// Without `restart`, the server was given by its URL, and all heartbeats come from one connection.
const perConnection = server.restart ? 2 : 4;
const beats$ = connection$.pipe(
  switchMap(({ notifications$ }, connection) =>
    notifications$.pipe(
      ofMethod('custom/heartbeat'),
      take(perConnection),
      tap(({ params }) => console.log(`heartbeat ${String(params?.['count'])}`)),
      mergeMap(async (_, index) => {
        if (connection === 0 && index === 1) await server.restart?.();
      }),
    ),
  ),
  take(4),
);
await lastValueFrom(beats$);

await server.stop();
