import { once } from 'node:events';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { redisBackplane } from 'rx-mcp/redis';
import { MCPServer } from 'rx-mcp/server';

describe('a Redis that cannot be used', () => {
  let redis: Server;
  const sockets = new Set<Socket>();

  beforeEach(async () => {
    redis = createServer((socket) => {
      sockets.add(socket);
      socket.on('error', () => {});
      socket.on('data', () => socket.write('-WRONGPASS invalid username-password pair\r\n'));
    }).listen(0, '127.0.0.1');
    await once(redis, 'listening');
  });
  afterEach(() => {
    for (const socket of sockets) socket.destroy();
    redis.close();
  });

  const notify = async (url: string): Promise<unknown> => {
    const backplane = redisBackplane({ url });
    const server = new MCPServer({ name: 'spec', version: '1.0.0' }, { backplane });
    const outcome = await server.notify('custom/x').catch((error: unknown) => error);
    await server.close();
    return outcome;
  };

  it('rejects with a typed error that contains the reply if the password is wrong', async () => {
    const { port } = redis.address() as AddressInfo;

    expect(await notify(`redis://:secret@127.0.0.1:${String(port)}`)).toMatchObject({
      name: 'ConnectionLostError',
      message: 'redis: not connected (WRONGPASS invalid username-password pair)',
    });
  });

  it('rejects with a typed error that contains the reason if the connection is refused', async () => {
    const { port } = redis.address() as AddressInfo;
    redis.close();
    await once(redis, 'close');

    expect(await notify(`redis://127.0.0.1:${String(port)}`)).toMatchObject({
      name: 'ConnectionLostError',
      message: `redis: not connected (connect ECONNREFUSED 127.0.0.1:${String(port)})`,
    });
  });
});
