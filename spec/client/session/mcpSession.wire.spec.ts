import { HttpConnector, MCPSession, type WireEvent } from 'rx-mcp';
import { modern } from 'rx-mcp/modern';
import { firstValueFrom, skip } from 'rxjs';
import { serveModernHttp } from '../../rig/modernServer/serveModernHttp';
import { openMemorySession } from '../../rig/openMemorySession';

/** Formats a wire event. */
function brief(event: WireEvent): string {
  if ('event' in event) return `${event.connection} ${event.event}`;
  const { message } = event;
  return `${event.connection} ${event.dir} ${'method' in message ? message.method : 'answer'}`;
}

describe('wire$', () => {
  it('emits every message in both directions, and the beginning and end of each connection', async () => {
    const { memory, session } = openMemorySession({ options: { reconnect: { initialDelay: 0 } } });
    const events: WireEvent[] = [];
    session.wire$.subscribe((event) => events.push(event));

    await session.connect();
    await memory.server.notification({ method: 'custom/any' });
    const again = firstValueFrom(session.connections$.pipe(skip(1)));
    await memory.drop();
    await again;
    await session.disconnect();

    const handshake = (n: number): string[] => [
      `${n} out initialize`,
      `${n} in answer`,
      `${n} out notifications/initialized`,
      `${n} open`,
    ];
    expect(events.map(brief)).toEqual([...handshake(1), '1 in custom/any', '1 lost', ...handshake(2), '2 closed']);
    expect(events.find((event) => 'event' in event && event.event === 'lost')).toMatchObject({
      error: { name: 'ConnectionLostError' },
    });
  });

  it('completes after the last connection has closed', async () => {
    const { session } = openMemorySession();
    const seen: string[] = [];
    session.wire$.subscribe({ next: (event) => seen.push(brief(event)), complete: () => seen.push('complete') });
    await session.connect();

    await session.disconnect();

    expect(seen.slice(-2)).toEqual(['1 closed', 'complete']);
  });

  it('covers the modern era too', async () => {
    const { url, close } = await serveModernHttp();
    const session = new MCPSession(new HttpConnector(url, { engine: modern() }));
    const seen: string[] = [];
    session.wire$.subscribe((event) => seen.push(brief(event)));

    await session.connect();
    await session.listTools();
    await session.disconnect();
    await close();

    expect(seen.slice(0, 2)).toEqual(['1 out server/discover', '1 in answer']);
    expect(seen).toContain('1 out tools/list');
    expect(seen.at(-1)).toBe('1 closed');
  });
});
