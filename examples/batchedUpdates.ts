// A thousand notifications, rendered a few times: npx tsx examples/batchedUpdates.ts [url]
import { HttpConnector, MCPSession, ofMethod } from 'rx-mcp';
import { auditTime, lastValueFrom, map, scan, share, takeWhile, tap } from 'rxjs';
import { givenServer } from '../demo/server/givenServer';

const server = await givenServer();
const session = new MCPSession(new HttpConnector(server.url));
await session.connect();

const count = 1_000;
let draws = 0;

// The model processes each notification. The view samples the model at most 25 times a second.
const model$ = session.notifications$.pipe(
  ofMethod('custom/tick'),
  scan(({ ticks, sum }, { params }) => ({ ticks: ticks + 1, sum: sum + Number(params?.['n']) }), { ticks: 0, sum: 0 }),
  share(),
);
const view$ = model$.pipe(
  auditTime(40),
  tap(() => draws++),
  map(({ ticks, sum }) => ({ ticks, sum, text: `${String(ticks)} ticks, sum ${String(sum)}` })),
  takeWhile(({ ticks }) => ticks < count, true),
);
const drawn = lastValueFrom(view$);

await session.callTool('burst', { count });
console.log((await drawn).text);
console.log(draws < count / 2 ? 'drawn a few times' : `drawn ${String(draws)} times`);

await session.disconnect();
await server.stop();
