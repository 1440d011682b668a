import { ServerError } from '../errors';
import { rpcCode } from '../rpcCode';

/** What a request is answered with that nobody handles: JSON-RPC's "method not found". */
export function methodNotFound(method: string): ServerError {
  return new ServerError(`no handler for ${method}`, { code: rpcCode.methodNotFound });
}
