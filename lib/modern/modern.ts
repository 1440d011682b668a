import { catchError, defer, from, switchMap, throwError } from 'rxjs';
import type { Engine } from '../client/connection/connector';
import { assertOptions, oneOf } from '../util/options';
import { connectModern } from './connectModern';
import { LegacyServerError } from './legacyServerError';
import { loadSdk } from './loadSdk';

/** How a server is spoken to. Read for each attempt to connect. */
export interface ModernOptions {
  /**
   * `'auto'`: with protocol 2026-07-28 if the server speaks it, and as without this engine if not. `'modern'`: with nothing
   * else; a server that does not speak it is a `ConnectionFailedError`. `'legacy'`: as without this engine. Default `'auto'`.
   */
  negotiation?: 'auto' | 'modern' | 'legacy';
}

/**
 * The engine for protocol 2026-07-28, as an option of any connector or client. Needs `@modelcontextprotocol/client`, which
 * is loaded when a connection is first made; without it that is a `ConfigError`.
 *
 * Whether a server speaks it is asked with `server/discover`. One that does not is connected to afresh: a process is started
 * a second time, since many end on a message that they do not know.
 *
 * @example
 * new HttpConnector('http://127.0.0.1:3000/mcp', { engine: modern() });
 *
 * @see https://modelcontextprotocol.io/specification/2026-07-28
 */
export function modern(options: ModernOptions = {}): Engine {
  assertOptions(options, { negotiation: oneOf('auto', 'modern', 'legacy') });
  const { negotiation = 'auto' } = options;
  return (target) => {
    if (negotiation === 'legacy') return target.legacy$;
    return defer(() => from(loadSdk())).pipe(
      switchMap((sdk) => connectModern(sdk, target)),
      catchError((error: unknown) =>
        error instanceof LegacyServerError && negotiation === 'auto' ? target.legacy$ : throwError(() => error),
      ),
    );
  };
}
