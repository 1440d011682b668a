import assert from 'node:assert/strict';
import { test } from 'node:test';
import { MCPSession } from 'rx-mcp';
import { MCPServer, tool } from 'rx-mcp/server';
import { simulateNetwork } from 'rx-mcp/testing';

await test('a deploy reaches the next server', async () => {
  const hello = (name: string) =>
    new MCPServer({ name, version: '1.0.0' }, { tools: [tool('hello', {}, () => `from ${name}`)] });
  const [one, two] = [hello('one'), hello('two')];
  const net = simulateNetwork(one);
  const session = new MCPSession(net.connector({ reconnect: { initialDelay: 10 } }));
  await session.connect();
  net.replace(two);
  const { content } = await session.callTool('hello');
  assert.deepEqual(content, [{ type: 'text', text: 'from two' }]);
  await session.disconnect();
  await net[Symbol.asyncDispose]();
  await Promise.all([one.close(), two.close()]);
});
