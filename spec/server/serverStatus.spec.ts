import { VirtualTimeScheduler } from 'rxjs';
import { MCPServer, type ServerStatus } from 'rx-mcp/server';

describe('the status of a server', () => {
  it('is emitted at once, then at most every 100 ms, without repetitions', async () => {
    const scheduler = new VirtualTimeScheduler(undefined, 250);
    const server = new MCPServer({ name: 'spec', version: '1' }, { scheduler });
    const seen: [at: number, status: ServerStatus][] = [];
    server.status$.subscribe((status) => seen.push([scheduler.now(), status]));
    const params = { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: { name: 'x', version: '1' } };
    for (let id = 0; id < 5; id++) {
      const request = new Request('http://127.0.0.1/mcp', {
        method: 'POST',
        headers: { accept: 'application/json, text/event-stream', 'content-type': 'application/json' },
        body: JSON.stringify({ jsonrpc: '2.0', id, method: 'initialize', params }),
      });
      expect((await server.fetch(request)).status).toBe(200);
    }
    expect(seen).toMatchObject([[0, { sessions: 0, listening: 0, running: 0, backplane: 'up' }]]);
    scheduler.flush();
    expect(seen.map(([at, { sessions }]) => [at, sessions])).toEqual([
      [0, 0],
      [100, 5],
    ]);
    expect(seen[1]![1].node).toBe(seen[0]![1].node);
    await server.close();
  });
});
