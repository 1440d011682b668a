import {
  isJSONRPCRequest,
  type Server,
  type ServerContext,
  SUPPORTED_PROTOCOL_VERSIONS,
  type Transport,
} from '@modelcontextprotocol/server';
import { firstValueFrom, map, type Observable, takeUntil, tap } from 'rxjs';
import { ServerError } from '../errors';
import { errorCode } from '../protocol/errorCodes';
import type { JSONRPCRequest, RequestId, Result } from '../protocol/types';
import { isObject } from '../util/isObject';
import type { Exchange } from './exchange';
import { createProtocolServer, type ProtocolServerOptions } from './protocolServer';
import { isImplementation } from './sessionRecord';

/** A complete JSON-RPC response. */
type Response = { jsonrpc: '2.0'; id: RequestId } & Record<string, unknown>;

/** Answers client requests of protocol versions up to 2025-11-25. */
export interface Dispatcher {
  /** Answers a request. Resolves with the response, or with `undefined` if the request ended without a response. */
  dispatch(exchange: Exchange): Promise<Response | undefined>;
  /** Answers an `initialize` request. */
  initialize(request: JSONRPCRequest): Promise<Response>;
}

interface Pending {
  id: RequestId;
  method: string;
  /** Whether the SDK has accepted the params and called the handler. */
  isAccepted: boolean;
  /** The error of the handler. Stored, because the SDK changes some error codes. */
  error?: ServerError;
  exchange: Exchange | undefined;
  resolve: (response: Response) => void;
}

/**
 * Creates a dispatcher that serves all sessions through one SDK `Server`. The SDK server has no session state: the
 * dispatcher gives each request a unique id, and the record of a session contains its negotiated state.
 */
export function createDispatcher(
  options: ProtocolServerOptions,
  answer$: (exchange: Exchange) => Observable<Result>,
): Dispatcher {
  const pending = new Map<RequestId, Pending>();
  /** The cached `initialize` result for each version. It does not depend on the client. */
  const negotiated = new Map<string, Response>();
  let server: Server | undefined;
  let count = 0;

  const transport: Transport = {
    start: () => Promise.resolve(),
    close: () => Promise.resolve(),
    send(message) {
      if (!isObject(message) || !('id' in message) || 'method' in message) return Promise.resolve();
      const found = pending.get(message.id ?? '');
      if (found) {
        pending.delete(message.id ?? '');
        const { code, message: text, data } = found.error ?? {};
        const error = found.error && { error: { code, message: text, ...(data !== undefined && { data }) } };
        const isRefused = !found.isAccepted && 'error' in message && message.error.code === errorCode.internalError;
        found.resolve(isRefused ? invalidParams(found) : { ...message, ...error, id: found.id });
      }
      return Promise.resolve();
    },
  };

  function answer(_request: unknown, ctx: ServerContext): Promise<Result> {
    const found = pending.get(ctx.mcpReq.id);
    if (!found?.exchange) throw new ServerError('request: already ended', { code: errorCode.internalError });
    found.isAccepted = true;
    const { exchange } = found;
    const answered$ = answer$(exchange).pipe(
      tap({
        error: (error: unknown) => {
          if (error instanceof ServerError) found.error = error;
        },
      }),
    );
    return firstValueFrom(answered$.pipe(takeUntil(exchange.ended$)), { defaultValue: {} });
  }

  /** The SDK calls the handlers a few microtasks after it has received the message. */
  async function connected(): Promise<void> {
    if (server) return;
    server = createProtocolServer(options, answer);
    await server.connect(transport);
  }

  async function send({ id, method, params }: JSONRPCRequest, exchange?: Exchange): Promise<Response> {
    await connected();
    const own = ++count;
    const message = { jsonrpc: '2.0' as const, id: own, method, ...(params && { params: { ...params } }) };
    // The SDK drops a request with an invalid `_meta`, without a response.
    if (params && '_meta' in params && !isJSONRPCRequest(message)) return invalidParams({ id, method });
    return new Promise((resolve) => {
      pending.set(own, { id, method, isAccepted: false, exchange, resolve });
      transport.onmessage?.(message);
    });
  }

  return {
    initialize: async (request) => {
      const version = plainVersionOf(request);
      const known = version === undefined ? undefined : negotiated.get(version);
      if (known) return { ...known, id: request.id };
      const response = await send(request);
      const isSupported =
        version !== undefined && SUPPORTED_PROTOCOL_VERSIONS.includes(version) && 'result' in response;
      if (isSupported) negotiated.set(version, response);
      return response;
    },
    async dispatch(exchange) {
      const end = firstValueFrom(exchange.ended$.pipe(map(() => undefined)), { defaultValue: undefined });
      return Promise.race([send(exchange.request, exchange), end]);
    },
  };
}

function invalidParams({ id, method }: { id: RequestId; method: string }): Response {
  const error = { code: errorCode.invalidParams, message: `${method}: invalid params` };
  return { jsonrpc: '2.0', id, error };
}

/**
 * Returns the version in an `initialize` request that needs no validation by the SDK, because it contains only members
 * that the protocol defines. Returns `undefined` for any other request.
 */
function plainVersionOf({ params = {} }: JSONRPCRequest): string | undefined {
  const { protocolVersion, capabilities, clientInfo, ...rest } = params;
  const isPlain =
    isObject(capabilities) &&
    Object.values(capabilities).every((capability) => isObject(capability) && Object.keys(capability).length === 0) &&
    isObject(clientInfo) &&
    Object.values(clientInfo).every((value) => typeof value === 'string') &&
    isImplementation(clientInfo) &&
    Object.keys(rest).length === 0;
  return isPlain && typeof protocolVersion === 'string' ? protocolVersion : undefined;
}
