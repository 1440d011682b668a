import { MCPServer, tool } from 'rx-mcp/server';

// A server with a session that is never closed, which must not keep the process running.
const server = new MCPServer({ name: 'unclosed', version: '1.0.0' }, { tools: [tool('echo', {}, () => 'echo')] });
const params = {
  protocolVersion: '2025-11-25',
  capabilities: {},
  clientInfo: { name: 'spec', version: '1.0.0' },
};
const response = await server.fetch(
  new Request('http://127.0.0.1/mcp', {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'application/json, text/event-stream' },
    body: JSON.stringify({ jsonrpc: '2.0', id: 0, method: 'initialize', params }),
  }),
);
const stream = await server.fetch(
  new Request('http://127.0.0.1/mcp', {
    headers: { accept: 'text/event-stream', 'mcp-session-id': response.headers.get('mcp-session-id') ?? '' },
  }),
);
console.log(`session ${response.status}, stream ${stream.status}`);
