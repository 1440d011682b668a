import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { ConfigError } from '../errors';
import { isObject } from '../util/isObject';
import { reasonOf } from '../util/reasonOf';
import { createLegacyReplays } from './legacyReplays';
import { createModernReplays } from './modernReplays';
import type { Replays } from './replays';

/** Answers HTTP requests of one protocol era from a recording. */
export interface ReplayHandler {
  handle(request: IncomingMessage, response: ServerResponse): Promise<void>;
  close(): Promise<void>;
}

/**
 * Serves the replays of a recording over Streamable HTTP on the loopback interface, in the protocol era of the
 * recording.
 */
export async function serveReplays(
  replays: Replays,
  port: number,
  era: 'legacy' | 'modern',
): Promise<{ url: string; close(): Promise<void> }> {
  const handler = era === 'modern' ? createModernReplays(replays) : createLegacyReplays(replays);

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    // Prevents DNS rebinding, where a web page uses a host name of its own for this address.
    if (!isOwnHost(request.headers.host)) response.writeHead(403).end();
    else if (request.url?.split('?')[0] !== '/mcp') response.writeHead(404).end();
    else await handler.handle(request, response);
  }

  const server = createServer((request, response) => {
    handle(request, response).catch(() => response.destroy());
  });
  const boundPort = (): number => {
    const address = server.address();
    return isObject(address) && typeof address.port === 'number' ? address.port : port;
  };
  const isOwnHost = (host = ''): boolean =>
    ['127.0.0.1', 'localhost'].some((name) => host === `${name}:${boundPort()}`);
  try {
    server.listen(port, '127.0.0.1');
    await once(server, 'listening');
  } catch (cause) {
    throw new ConfigError(`replay: cannot listen on port ${port} (${reasonOf(cause).message})`, { cause });
  }
  return {
    url: `http://127.0.0.1:${boundPort()}/mcp`,
    async close() {
      await handler.close();
      server.close();
      server.closeAllConnections();
    },
  };
}
