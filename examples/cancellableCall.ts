// Cancelling a call with a button, a timeout or a signal: npx tsx examples/cancellableCall.ts [url]
import { HttpConnector, MCPError, MCPSession } from 'rx-mcp';
import { filter, Subject, takeUntil } from 'rxjs';
import { exampleServer } from '../demo/server/exampleServer';

const server = await exampleServer();
const session = new MCPSession(new HttpConnector(server.url));
await session.connect();

const endless = { steps: 1_000, delayMs: 20 };
const printError = (error: unknown): void => console.log(error instanceof MCPError ? error.message : error);

// A button: `takeUntil` unsubscribes on the click, and unsubscribing cancels the call on the server.
const clicks$ = new Subject<void>();
const steps$ = session.callTool$('long_task', endless).pipe(
  filter((event) => event.kind === 'progress'),
  takeUntil(clicks$),
);
await steps$.forEach(({ progress }) => {
  console.log(`step ${progress}`);
  if (progress === 3) clicks$.next();
});
console.log('cancelled');

// A timeout: each progress notification restarts `timeout`, so `maxTotalTimeout` limits the whole call.
await session.callTool('long_task', endless, { timeout: 10_000, maxTotalTimeout: 200 }).catch(printError);

// A signal: for code that is based on promises.
await session.callTool('long_task', endless, { signal: AbortSignal.timeout(100) }).catch(printError);

await session.disconnect();
await server.stop();
