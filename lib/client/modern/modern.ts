import { catchError, defer, from, type Observable, switchMap, throwError } from 'rxjs';
import { assertOptions, isOneOf } from '../../util/options';
import type { Connection } from '../connection/connection';
import { engineContext } from '../connection/engineContext';
import type { Engine, EngineTarget } from '../connection/connector';
import { LegacyServerError } from './discover';
import { loadSdk, type Sdk } from './loadSdk';
import { connectModern } from './modernConnection';
import { modernHttp } from './modernHttp';

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
  assertOptions(options, { negotiation: isOneOf('auto', 'modern', 'legacy') });
  const { negotiation = 'auto' } = options;
  return (target) => {
    if (negotiation === 'legacy') return target.legacy$;
    return defer(() => from(loadSdk())).pipe(
      switchMap((sdk) => connectTarget(sdk, target)),
      catchError((error: unknown) =>
        error instanceof LegacyServerError && negotiation === 'auto' ? target.legacy$ : throwError(() => error),
      ),
    );
  };
}

/** One attempt to connect with protocol 2026-07-28. Errors with a `LegacyServerError` when the server does not speak it. */
function connectTarget(sdk: Sdk, target: EngineTarget): Observable<Connection> {
  const context = engineContext(target.context);
  const { options } = target;
  if (target.kind === 'http') {
    const { url, options } = target;
    return connectModern(sdk, target, (carrier) => modernHttp(sdk, url, options, context, carrier));
  }
  return defer(async () => {
    let lose: ((error: Error) => void) | undefined;
    const transport = await target.createTransport((error) => lose?.(error));
    return {
      transport,
      whenLost(fail: (error: Error) => void) {
        lose = fail;
      },
    };
  }).pipe(
    switchMap(({ transport, whenLost }) =>
      connectModern(sdk, { ...target, options }, ({ fail }) => {
        whenLost(fail);
        return { transport };
      }),
    ),
  );
}
