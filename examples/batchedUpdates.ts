// A thousand notifications, rendered a few times: npx tsx examples/batchedUpdates.ts [url]
import { HttpConnector, MCPSession, ofMethod } from 'rx-mcp';
import { auditTime, scan, takeWhile } from 'rxjs';
import { z } from 'zod';
import { exampleServer } from '../demo/server/exampleServer';

const server = await exampleServer();
const session = new MCPSession(new HttpConnector(server.url));
await session.connect();

const count = 1_000;

// The model processes each notification.
const model$ = session.notifications$.pipe(
  ofMethod('custom/tick', z.object({ n: z.number() })),
  scan(({ ticks, sum }, { params }) => ({ ticks: ticks + 1, sum: sum + params.n }), { ticks: 0, sum: 0 }),
);
// The view renders the latest state of the model, at most 25 times a second.
const view$ = model$.pipe(
  auditTime(40),
  takeWhile(({ ticks }) => ticks < count, true),
);

let draws = 0;
let text = '';
const drawn = view$.forEach(({ ticks, sum }) => {
  draws++;
  text = `${ticks} ticks, sum ${sum}`;
});
await session.callTool('burst', { count });
await drawn;
console.log(text);
console.log(draws < count / 2 ? 'drawn a few times' : `drawn ${draws} times`);

await session.disconnect();
await server.stop();
