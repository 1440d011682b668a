// The differences between successive lists of tools: npx tsx examples/toolsDiff.ts [url]
import { HttpConnector, listDiff, MCPSession } from 'rx-mcp';
import { firstValueFrom, skip } from 'rxjs';
import { exampleServer } from '../demo/server/exampleServer';

const server = await exampleServer();
const session = new MCPSession(new HttpConnector(server.url));

// The first list is reported as added.
session.tools$.pipe(listDiff()).subscribe(({ added, removed }) => {
  if (added.length > 5) console.log(`${added.length} tools`);
  else for (const { name } of added) console.log(`added ${name}`);
  for (const { name } of removed) console.log(`removed ${name}`);
});

await session.connect();
await firstValueFrom(session.tools$);

// The tool `toggle_tool` adds or removes a tool. A subscriber receives the current list first, then the changed one.
for (let times = 0; times < 2; times++) {
  const changed = firstValueFrom(session.tools$.pipe(skip(1)));
  await session.callTool('toggle_tool', { name: 'weather' });
  await changed;
}

await session.disconnect();
await server.stop();
