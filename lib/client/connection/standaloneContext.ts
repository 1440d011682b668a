import { asyncScheduler } from 'rxjs';
import type { ConnectionContext } from './connection';
import { methodNotFound } from '../../protocol/errorCodes';
import { createHub } from '../../notification/hub';
import type { Root } from '../../protocol/types';
import { version } from '../../version';

/** What a connection is made for when no session asks for it: streams of its own, and fixed roots. */
export function standaloneContext(roots: readonly Root[] = []): ConnectionContext {
  return {
    hub: createHub(),
    clientInfo: { name: 'rx-mcp', version },
    capabilities: { roots: { listChanged: true } },
    respond: ({ method }) =>
      method === 'roots/list' ? Promise.resolve({ roots: [...roots] }) : Promise.reject(methodNotFound(method)),
    scheduler: asyncScheduler,
  };
}
