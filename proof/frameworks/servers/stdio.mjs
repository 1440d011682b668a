// The official SDK, version 1, over stdio: behind supergateway.
import { StdioServerTransport } from '@modelcontextprotocol/sdk/server/stdio.js';
import { createSdkServer } from './sdkServer.mjs';

await createSdkServer().connect(new StdioServerTransport());
