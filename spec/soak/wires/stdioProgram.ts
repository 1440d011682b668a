// A server for stdio that the soak controls over a socket: node stdioProgram.mjs CONTROL_PORT NAME
import { Server } from '@modelcontextprotocol/sdk/server/index.js';
import { StdioServerTransport } from '@modelcontextprotocol/sdk/server/stdio.js';
import { CallToolRequestSchema } from '@modelcontextprotocol/sdk/types.js';
import { connect } from 'node:net';
import { createInterface } from 'node:readline';
import { garbage } from '../../rig/stdio/garbage';
import { stdioTools } from '../../rig/stdio/stdioTools';
import { writeLines } from '../../rig/stdio/writeLines';
import type { StdioOrder, StdioReport } from './stdioControl';

const [, , port, name = ''] = process.argv;
const spawnedAt = performance.timeOrigin;
const control = connect({ port: Number(port), host: '127.0.0.1' });
const report = (message: StdioReport): void => void control.write(`${JSON.stringify(message)}\n`);
const server = new Server({ name: 'soak', version: '1.0.0' }, { capabilities: { tools: {}, logging: {} } });
server.setRequestHandler(CallToolRequestSchema, ({ params: { arguments: args = {} } }, request) =>
  stdioTools['work']!(args, request),
);

async function carryOut(order: StdioOrder): Promise<void> {
  switch (order.kind) {
    case 'start':
      await server.connect(new StdioServerTransport());
      return report({ kind: 'ready', spawnedAt });
    case 'exit':
      return process.exit(order.code);
    case 'garbage':
      return writeLines(...garbage);
    case 'send':
      for (let n = order.from; n < order.from + order.count; n++) {
        await server.notification({ method: 'custom/tick', params: { n } });
      }
      return report({ kind: 'sent', from: order.from, count: order.count });
  }
}

createInterface(control)
  .on('error', () => process.exit(0))
  .on('line', (line) => void carryOut(JSON.parse(line) as StdioOrder));
report({ kind: 'started', name, pid: process.pid });
process.stdin.once('end', () => process.exit(0));
control.once('close', () => process.exit(0));
