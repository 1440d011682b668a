import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

// In this repository, the package is resolved to its sources. A project that has installed the package needs no configuration.
const source = (path: string): string => fileURLToPath(new URL(`../../lib/${path}`, import.meta.url));

export default defineConfig({
  root: fileURLToPath(new URL('.', import.meta.url)),
  test: { include: ['vitest*.test.ts'] },
  resolve: {
    alias: {
      '#platform': source('client/config/platform/node.ts'),
      'rx-mcp/server': source('server/index.ts'),
      'rx-mcp/testing': source('testing/index.ts'),
      'rx-mcp': source('index.ts'),
    },
  },
});
