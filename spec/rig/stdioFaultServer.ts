// The process of a stdio fault server. `stdioFaultServerCommand(flags)` returns its command. Its flags are JSON.
import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import { StdioServerTransport } from '@modelcontextprotocol/sdk/server/stdio.js';
import { CallToolRequestSchema, ErrorCode, ListToolsRequestSchema, McpError } from '@modelcontextprotocol/sdk/types.js';
import type { StdioFlags } from './stdio/stdioFaultServerCommand';
import { stdioTools } from './stdio/stdioTools';
import { writeLines } from './stdio/writeLines';

const flags = JSON.parse(process.argv[2] ?? '{}') as Partial<StdioFlags>;
if (flags.dieAtOnce) {
  console.error('This server dies at once');
  process.exit(1);
}
if (flags.ignoreSigterm) {
  process.on('SIGTERM', () => {});
  setTimeout(() => process.exit(0), 60_000);
}

const { server } = new McpServer({ name: 'stdio-fault-server', version: '1.0.0' }, { capabilities: { tools: {} } });
server.setRequestHandler(ListToolsRequestSchema, () => ({
  tools: Object.keys(stdioTools).map((name) => ({ name, inputSchema: { type: 'object' } })),
}));
server.setRequestHandler(CallToolRequestSchema, ({ params: { name, arguments: args = {} } }, request) => {
  const tool = stdioTools[name];
  if (!tool) throw new McpError(ErrorCode.InvalidParams, `Unknown tool: ${name}`);
  return tool(args, request);
});
server.oninitialized = () => {
  if (flags.onInitialized) writeLines(JSON.stringify({ jsonrpc: '2.0', method: 'custom/initialized' }));
};

// The SDK adds a listener for each message while the pipe is full.
process.stdout.setMaxListeners(0);
if (flags.early) writeLines(JSON.stringify({ jsonrpc: '2.0', method: 'custom/early' }));
await server.connect(new StdioServerTransport());
if (!flags.ignoreSigterm) process.stdin.once('end', () => process.exit(0));
