import { createRequire } from 'node:module';

const { resolve } = createRequire(import.meta.url);

/** The program of an official server, by its name. */
export function programOf(name: 'everything' | 'filesystem' | 'memory'): string {
  return resolve(`@modelcontextprotocol/server-${name}/dist/index.js`);
}
