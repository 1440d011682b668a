import { catchError, defer, from, type Observable, switchMap, tap, throwError } from 'rxjs';
import { ConfigError, ConnectionFailedError } from '../../errors';
import { catchBeforeFirst } from '../../operator/catchBeforeFirst';
import { assertOptions, isOneOf } from '../../util/options';
import type { Connection } from '../connection/connection';
import { engineContext } from '../connection/engineContext';
import type { Engine, EngineTarget } from '../connection/connector';
import { isInconclusive, LegacyServerError, rejectsButSupports } from './discover';
import { loadSdk, type Sdk } from './sdk';
import { connectModern } from './connectModern';
import { modernHttp } from './modernHttp';
import { memoryOf, type ServerMemory } from './serverMemory';

/** Options for {@link modern}. Read when the engine is created. */
export interface ModernOptions {
  /**
   * Which protocol versions to use:
   *
   * - `'auto'` (default): 2026-07-28 if the server supports it, otherwise the versions of the default engine.
   * - `'modern'`: only 2026-07-28. If the server does not support it, connecting fails with a `ConnectionFailedError`.
   * - `'legacy'`: only the versions of the default engine, up to 2025-11-25.
   */
  negotiation?: 'auto' | 'modern' | 'legacy' | undefined;
}

/**
 * Creates the engine for protocol 2026-07-28. Pass it as the `engine` option of a connector or an `MCPClient`. Requires
 * the package `@modelcontextprotocol/client`, which is loaded when a session connects. If it is not installed,
 * connecting fails with a `ConfigError`.
 *
 * On each new connection, the engine sends `server/discover`. The default engine connects instead if the server does
 * not support this protocol version, if its response does not show whether it does, or if it does not respond in time:
 * within a third of `connectTimeout`, but at most 10 seconds. A stdio server is then spawned a second time, because
 * many servers exit after an unknown message.
 *
 * @param options - which protocol versions to use. Default: `{}`.
 * @throws `ConfigError` if an option is invalid.
 *
 * @example
 * new HttpConnector('http://127.0.0.1:3000/mcp', { engine: modern() });
 *
 * @see https://modelcontextprotocol.io/specification/2026-07-28
 */
export function modern(options: ModernOptions = {}): Engine {
  if ('legacy$' in options) throw new ConfigError('engine: expected modern(), got modern', { path: 'engine' });
  assertOptions(options, { negotiation: isOneOf('auto', 'modern', 'legacy') });
  const { negotiation = 'auto' } = options;
  return (target) => {
    if (negotiation === 'legacy') return target.legacy$;
    const memory = memoryOf(engineContext(target.context).hub);
    return defer(() => from(loadSdk())).pipe(
      switchMap((sdk) => connectTarget(sdk, target, memory, negotiation === 'auto' && !memory.wasConnected)),
      tap(() => {
        memory.wasConnected = true;
      }),
      catchError((error: unknown) => {
        const isLegacy = error instanceof LegacyServerError;
        if (negotiation === 'modern' || !(isLegacy || isInconclusive(error))) throw error;
        // The server has supported this version before, so a status may come from a proxy during a deploy.
        if ((!isLegacy || error.status !== undefined) && memory.wasConnected) throw error;
        // If the server rejects the other versions, it supports this one, and the first error was transient.
        const isModern = (cause: unknown): boolean =>
          cause instanceof ConnectionFailedError && !isLegacy && rejectsButSupports(cause.cause);
        return target.legacy$.pipe(catchBeforeFirst((cause) => throwError(() => (isModern(cause) ? error : cause))));
      }),
    );
  };
}

/**
 * Makes one connection with protocol 2026-07-28. Errors with a `LegacyServerError` if the server does not support it.
 */
function connectTarget(
  sdk: Sdk,
  target: EngineTarget,
  memory: ServerMemory,
  mayFallBack: boolean,
): Observable<Connection> {
  const context = engineContext(target.context);
  const { options } = target;
  if (target.kind === 'http') {
    const { url, options } = target;
    return connectModern(sdk, target, memory, mayFallBack, (control) =>
      modernHttp(sdk, url, options, context, control),
    );
  }
  return defer(async () => {
    let fail: ((error: Error) => void) | undefined;
    const transport = await target.createTransport((error) => fail?.(error));
    return {
      transport,
      onLost(callback: (error: Error) => void) {
        fail = callback;
      },
    };
  }).pipe(
    switchMap(({ transport, onLost }) =>
      connectModern(sdk, { ...target, options }, memory, mayFallBack, ({ fail }) => {
        onLost(fail);
        return { transport };
      }),
    ),
  );
}
