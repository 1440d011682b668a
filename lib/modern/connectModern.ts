import { defer, switchMap, type Observable } from 'rxjs';
import type { Connection } from '../client/connection/connection';
import type { EngineTarget } from '../client/connection/connector';
import { connectOver } from './connectOver';
import { httpChannel } from './httpChannel';
import type { Sdk } from './loadSdk';

/** One attempt to connect with protocol 2026-07-28. Errors with a `LegacyServerError` when the server does not speak it. */
export function connectModern(sdk: Sdk, target: EngineTarget): Observable<Connection> {
  const { context, options } = target;
  if (target.kind === 'http') {
    const { url, options } = target;
    return connectOver(sdk, target, (carrier) => httpChannel(sdk, url, options, context, carrier));
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
      connectOver(sdk, { ...target, options }, ({ fail }) => {
        whenLost(fail);
        return { transport };
      }),
    ),
  );
}
