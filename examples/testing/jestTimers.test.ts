import { MCPSession, RequestTimeoutError } from 'rx-mcp';
import { MCPServer, tool } from 'rx-mcp/server';
import { simulateNetwork } from 'rx-mcp/testing';
import { NEVER } from 'rxjs';

beforeEach(() => jest.useFakeTimers({ doNotFake: ['nextTick', 'queueMicrotask', 'setImmediate'] }));
afterEach(() => jest.useRealTimers());

test('a call without a response fails after a minute', async () => {
  const server = new MCPServer({ name: 'fake', version: '1.0.0' }, { tools: [tool('never', {}, () => NEVER)] });
  const net = simulateNetwork(server);
  const session = new MCPSession(net.connector());
  await session.connect();
  const failed = expect(session.callTool('never')).rejects.toThrow(RequestTimeoutError);
  await net.until('tools/call');
  await jest.advanceTimersByTimeAsync(60_000);
  await failed;
  await session.disconnect();
  await net[Symbol.asyncDispose]();
  await server.close();
});
