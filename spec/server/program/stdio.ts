import { StdioServerTransport } from '@modelcontextprotocol/server/stdio';
import { createPrimitiveServer } from './longRunningTask';

const server = createPrimitiveServer();
await server.connect(new StdioServerTransport());
await server.close();
