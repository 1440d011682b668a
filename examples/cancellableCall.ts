// Cancelling a call by a button, a timeout or a signal: npx tsx examples/cancellableCall.ts
import { HttpConnector, MCPSession, RequestTimeoutError } from 'rx-mcp';
import { catchError, filter, lastValueFrom, map, of, Subject, takeUntil } from 'rxjs';
import { givenServer } from '../demo/server/givenServer';

const server = await givenServer();
const session = new MCPSession(new HttpConnector(server.url));
await session.connect();

const endless = { steps: 1_000, delayMs: 20 };

// For example a button. Unsubscribing, here with takeUntil, cancels the call on the server.
const cancelled$ = new Subject<void>();
const cancellable$ = session.callTool$('long_task', endless).pipe(
  map((event) => (event.kind === 'progress' ? event.progress : Infinity)),
  takeUntil(cancelled$),
);
await cancellable$.forEach((progress) => {
  console.log(`step ${String(progress)}`);
  if (progress === 3) cancelled$.next();
});
console.log('cancelled');

// Progress restarts `timeout`. `maxTotalTimeout` limits the whole call.
const limited$ = session.callTool$('long_task', endless, { timeout: 10_000, maxTotalTimeout: 200 }).pipe(
  filter((event) => event.kind === 'result'),
  map(() => 'done'),
  catchError((error: unknown) => of(error instanceof RequestTimeoutError ? error.message : 'failed')),
);
console.log(await lastValueFrom(limited$));

await session.disconnect();
await server.stop();
