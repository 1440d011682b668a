import assert from 'node:assert/strict';
import type { MCPSession } from 'rx-mcp';
import { filter, firstValueFrom } from 'rxjs';
import { resourceListChange } from './resourceListChange';

/**
 * A stream that is cut while the server lives on. Its event store takes the last event id and resumes into a stream that
 * hears nothing any more, so what counts is that the next notification comes, and that the gap was told of.
 */
export async function cutOff(session: MCPSession, cut: () => void): Promise<string> {
  // Something has to have come on the stream for there to be an event id to resume from.
  await session.connect();
  await resourceListChange.see(session, 'streamableHttp');
  const connection = await firstValueFrom(session.connections$);
  const gap = firstValueFrom(session.gaps$);
  const listening = firstValueFrom(
    session.status$.pipe(filter((status) => status.state === 'connected' && status.listening)),
  );
  cut();
  await gap;
  await listening;
  assert.equal(await firstValueFrom(session.connections$), connection);
  await resourceListChange.see(session, 'streamableHttp');
  return 'the same connection, one gap, and live again';
}
