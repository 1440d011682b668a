import { Server, type ServerCapabilities, type ServerContext, type ServerOptions } from '@modelcontextprotocol/server';
import type { Implementation, Result } from '../protocol/types';
import { jsonSchemaValidator } from './schema';

/** What an SDK `Server` is created with. */
export interface ProtocolServerOptions {
  info: Implementation;
  capabilities: ServerCapabilities;
  instructions: string | undefined;
  /** The requests of the protocol that are answered. */
  methods: readonly string[];
  requestState?: ServerOptions['requestState'];
}

/** A request, as the SDK has validated it. */
export interface ValidRequest {
  method: string;
  params?: Record<string, unknown> | undefined;
}

/** Creates an SDK `Server` that validates requests and results, and passes each request to `answer`. */
export function createProtocolServer(
  { info, capabilities, instructions, methods, requestState }: ProtocolServerOptions,
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
  server.fallbackRequestHandler = (request, ctx) => toSdk(answer(request, ctx));
  return server;
}

type RequestMethod = 'tools/call' | 'tools/list';

/** The SDK validates results when it encodes them: the types of its two generations need not agree. */
function toSdk(result: Promise<Result>): Promise<never>;
function toSdk(result: Promise<Result>): Promise<Result> {
  return result;
}

/** The SDK throws for a method that it does not know; those of the handlers are all of the protocol. */
function isRequestMethod(_method: string): _method is RequestMethod {
  return true;
}
