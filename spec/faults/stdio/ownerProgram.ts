// Connects to a stdio server in a shell, prints a line, and stays: node ownerProgram.mjs DIRECTORY SCRIPT
import { MCPSession } from 'rx-mcp';
import { StdioConnector } from 'rx-mcp/stdio';

const [, , cwd = '', script = ''] = process.argv;
const session = new MCPSession(new StdioConnector({ command: 'sh', args: ['-c', script], cwd }));
await session.connect();
console.log('connected');
setTimeout(() => process.exit(0), 60_000);
