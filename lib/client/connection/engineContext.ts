import { asyncScheduler } from 'rxjs';
import type { ConnectionContext, EngineContext } from './connection';
import { methodNotFound } from '../../protocol/errorCodes';
import { createHub } from '../../notification/hub';
import type { Root } from '../../protocol/types';
import { defaultClientInfo } from '../../version';

/**
 * Returns the context that a session has passed. For a connection without a session, creates a context with its own hub
 * and fixed roots.
 */
export function engineContext(context: ConnectionContext | undefined, roots?: readonly Root[]): EngineContext {
  return isEngineContext(context) ? context : standaloneContext(roots);
}

/** Whether a context was created by this library. */
function isEngineContext(context: ConnectionContext | undefined): context is EngineContext {
  return context !== undefined && 'hub' in context;
}

function standaloneContext(roots: readonly Root[] = []): EngineContext {
  let lastId = -1;
  return {
    hub: createHub(),
    clientInfo: defaultClientInfo,
    capabilities: { roots: { listChanged: true } },
    respond: ({ method }) =>
      method === 'roots/list' ? Promise.resolve({ roots: [...roots] }) : Promise.reject(methodNotFound(method)),
    nextId: () => ++lastId,
    scheduler: asyncScheduler,
  };
}
