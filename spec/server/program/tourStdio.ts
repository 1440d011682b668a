import { StdioServerTransport } from '@modelcontextprotocol/server/stdio';
import { createTourServer } from './tour';

const server = createTourServer();
await server.connect(new StdioServerTransport());
await server.close();
