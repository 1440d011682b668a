import { createServer } from 'node:http';
import { type AddressInfo, createServer as createTcpServer } from 'node:net';
import { once } from 'node:events';
import { HttpConnector, MCPSession } from 'rx-mcp';
import { reasonOf } from '../../lib/util/reasonOf';

describe('the reason of an error', () => {
  it('is readable if a server does not support https', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const session = new MCPSession(new HttpConnector(`https://127.0.0.1:${String(port)}/mcp`));

    await expect(session.connect()).rejects.toMatchObject({
      name: 'ConnectionFailedError',
      message: expect.stringMatching(
        /^connecting: SSL: (wrong version number|packet length too long); the server may not support https$/,
      ),
    });

    server.close();
    await once(server, 'close');
  });

  it('names the server if it closes the connection without a response', async () => {
    const server = createTcpServer((socket) => socket.on('data', () => socket.end())).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const session = new MCPSession(new HttpConnector(`http://127.0.0.1:${String(port)}/mcp`));

    await expect(session.connect()).rejects.toMatchObject({
      message: 'connecting: the server closed the connection',
    });

    server.close();
    await once(server, 'close');
  });

  it('does not contain the places in the source code of OpenSSL', () => {
    const message = '80AC:error:0A000086:SSL routines:tls_process:certificate verify failed:../ssl/statem.c:1889:\n';

    expect(reasonOf(new Error(message))).toMatchObject({ message: 'SSL: certificate verify failed' });
  });

  it('is the code of an error without a message, or its name', () => {
    expect(reasonOf(Object.assign(new Error(''), { code: 'ECONNREFUSED' })).message).toBe('ECONNREFUSED');
    expect(reasonOf(Object.assign(new TypeError(''), { code: 7 })).message).toBe('TypeError');
  });

  it('keeps the error as the cause', () => {
    const error = new Error('80AC:error:0A000086:SSL routines:a:b:c:1:');

    expect(reasonOf(error).shown).toBe(error);
  });
});
