import { programOf } from './officialServer';
import { type HttpServer, startHttpServer } from './startHttpServer';

/** Paths of `server-everything` by transport. */
const paths = { streamableHttp: '/mcp', sse: '/sse' };

/** Starts `server-everything` with a transport over HTTP. */
export const startEverything = (transport: keyof typeof paths): Promise<HttpServer> =>
  startHttpServer({ args: () => [programOf('everything'), transport], path: paths[transport] });
