// The differences between successive lists of tools: npx tsx examples/toolsDiff.ts [url]
import { HttpConnector, listDiff, MCPSession } from 'rx-mcp';
import { concatMap, lastValueFrom, of, take, tap } from 'rxjs';
import { givenServer } from '../demo/server/givenServer';

const server = await givenServer();
const session = new MCPSession(new HttpConnector(server.url));

const names = (tools: readonly { name: string }[]) => tools.map(({ name }) => name).join(', ');
/** Makes the server add or remove a tool with that name. */
const toggle = () => session.callTool('toggle_tool', { name: 'weather' });

// All subscribers share one fetch of all pages, repeated after each change, reconnection and gap.
const diffs$ = session.tools$.pipe(
  listDiff(),
  tap(({ added, removed }) => {
    if (added.length > 5) console.log(`${String(added.length)} tools`);
    else if (added.length > 0) console.log(`added ${names(added)}`);
    if (removed.length > 0) console.log(`removed ${names(removed)}`);
  }),
);
// The first two lists trigger the next one.
const three = lastValueFrom(
  diffs$.pipe(
    concatMap((diff, index) => (index < 2 ? toggle() : of(diff))),
    take(3),
  ),
);

await session.connect();
await three;

await session.disconnect();
await server.stop();
