import { Server, type ServerCapabilities, type ServerContext, type ServerOptions } from '@modelcontextprotocol/server';
import type { Implementation, Result } from '../protocol/types';
import { jsonSchemaValidator } from './schema';

export interface ProtocolServerOptions {
  info: Implementation;
  capabilities: ServerCapabilities;
  instructions: string | undefined;
  /** The methods of the protocol that the server supports. */
  methods: readonly string[];
  requestState?: ServerOptions['requestState'];
  /** Whether requests with other methods are passed to `answer` as well. Default `true`. */
  isOpen?: boolean;
}

/** A request that the SDK has validated. */
export interface ValidRequest {
  method: string;
  params?: Record<string, unknown> | undefined;
}

/** Creates an SDK `Server` that validates requests and results, and calls `answer` for each request. */
export function createProtocolServer(
  { info, capabilities, instructions, methods, requestState, isOpen = true }: ProtocolServerOptions,
  answer: (request: ValidRequest, ctx: ServerContext) => Promise<Result>,
): Server {
  const server = new Server(info, {
    capabilities,
    jsonSchemaValidator,
    ...(instructions !== undefined && { instructions }),
    ...(requestState && { requestState }),
  });
  for (const method of methods) {
    if (isRequestMethod(method)) server.setRequestHandler(method, (request, ctx) => toSdk(answer(request, ctx)));
  }
  if (isOpen) server.fallbackRequestHandler = (request, ctx) => toSdk(answer(request, ctx));
  return server;
}

type RequestMethod = 'tools/call' | 'tools/list';

/**
 * Changes the type of a result from the SDK's first generation to its second. The SDK validates results at run time.
 */
function toSdk(result: Promise<Result>): Promise<never>;
function toSdk(result: Promise<Result>): Promise<Result> {
  return result;
}

/** Narrows the type of a method for `setRequestHandler`. Called only with methods of the protocol. */
function isRequestMethod(_method: string): _method is RequestMethod {
  return true;
}
