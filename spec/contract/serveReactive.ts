import { StdioServerTransport } from '@modelcontextprotocol/server/stdio';
import { createReactiveServer } from './createReactiveServer';

/** Serves the contract's server over stdio until its input ends. */
await createReactiveServer().connect(new StdioServerTransport());
