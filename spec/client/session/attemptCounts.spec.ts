import { MCPSession } from 'rx-mcp';
import { MCPServer } from 'rx-mcp/server';
import { simulateNetwork, virtualTime } from 'rx-mcp/testing';

const reconnect = { initialDelay: 50, maxDelay: 50, jitter: 'none', maxRetries: 2 } as const;

it('counts the attempts to reopen a stream and to open a connection separately, as docs/reconnection.md says', async () => {
  const time = virtualTime();
  const { scheduler } = time;
  const server = new MCPServer({ name: 'fake', version: '1.0.0' }, { scheduler });
  const net = simulateNetwork(server, { scheduler });
  const session = new MCPSession(net.connector({ reconnect }), { scheduler });
  const connected = session.connect();
  await time.advance(1_000);
  await connected;
  const start = time.now();
  const status = time.watch(session.status$);
  const errors = time.watch(session.errors$);
  net.down();
  await time.advance(10_000);
  const changes = status.frames.filter(([, { state }]) => state !== 'connected');
  expect(
    changes.map(([at, value]) => [at - start, value.state, 'attempt' in value ? value.attempt : undefined]),
  ).toEqual([
    [0, 'reconnecting', 1],
    [50, 'reconnecting', 1],
    [100, 'reconnecting', 2],
    [150, 'closed', undefined],
  ]);
  expect(errors.frames.map(([at, { message }]) => [at - start, message.split(':')[0]])).toEqual([
    [0, 'listening'],
    [50, 'listening'],
    [150, 'connecting'],
  ]);
  await session.disconnect();
  await net[Symbol.asyncDispose]();
  await server.close();
});
