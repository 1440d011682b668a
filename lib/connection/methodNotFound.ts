import { ServerError } from '../errors';

/** What a request is answered with that nobody handles: JSON-RPC's "method not found". */
export function methodNotFound(method: string): ServerError {
  return new ServerError(`no handler for ${method}`, { code: -32601 });
}
