import { MCPSession } from 'rx-mcp';
import { StdioConnector } from 'rx-mcp/stdio';
import { quick } from '../../rig/quick';
import { type Watched, watchSession } from '../../rig/watchSession';

/** A program that answers the handshake correctly, and then runs `then`. */
const server = (then: string): string => `
  const fs = require('node:fs');
  const send = (message) => process.stdout.write(JSON.stringify({ jsonrpc: '2.0', ...message }) + '\\n');
  const serverInfo = { name: 'hostile', version: '1.0.0' };
  const initialized = { protocolVersion: '2025-11-25', capabilities: { tools: {} }, serverInfo };
  setInterval(() => undefined, 1000);
  let text = '';
  process.stdin.on('data', (chunk) => {
    const lines = (text + chunk).split('\\n');
    text = lines.pop();
    for (const { id, method } of lines.map(JSON.parse)) {
      if (method === 'initialize') send({ id, result: initialized });
      else if (method === 'notifications/initialized') { ${then} }
      else if (id !== undefined && method) send({ id, result: { tools: [] } });
    }
  });
`;

/** Runs server programs of a few lines, each with a session. They are ended after each spec. */
export function useScript(): (then: string) => Watched {
  const ends: (() => Promise<void>)[] = [];
  afterEach(async () => {
    for (const end of ends.splice(0)) await end();
  });
  return (then) => {
    const connector = new StdioConnector(
      { command: process.execPath, args: ['-e', server(then)], stderr: 'ignore' },
      { reconnect: quick },
    );
    const session = new MCPSession(connector);
    ends.push(() => session.disconnect());
    return watchSession(session);
  };
}
