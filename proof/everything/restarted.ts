import assert from 'node:assert/strict';
import type { MCPSession } from 'rx-mcp';
import { firstValueFrom, skip, takeWhile, toArray } from 'rxjs';
import { resourceListChange } from './resourceListChange';

/**
 * A server that is killed and comes back without its sessions: the session reconnects, tells of the gap, has its views
 * fetched again, and hears what is sent from then on.
 */
export async function restarted(session: MCPSession, restart: () => Promise<void> | void): Promise<string> {
  await session.connect();
  const watching = session.tools$.subscribe();
  await firstValueFrom(session.tools$);
  const states = firstValueFrom(
    session.status$.pipe(
      skip(1),
      takeWhile((status) => !(status.state === 'connected' && status.listening), true),
      toArray(),
    ),
  );
  const gap = firstValueFrom(session.gaps$);
  const refetched = firstValueFrom(session.tools$.pipe(skip(1)));
  await restart();
  assert.ok((await states).some(({ state }) => state === 'reconnecting'));
  const { since, until, cause } = await gap;
  assert.ok(since <= until);
  await refetched;
  watching.unsubscribe();
  await resourceListChange.see(session, 'stdio');
  return `gap: ${cause.name}`;
}
