import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js';
import { metaKeys, protocolVersion } from '../client/modern/meta';
import { errorCode, modernErrorCode } from '../protocol/errorCodes';
import { isNotification, isRequest } from '../protocol/message';
import type { JSONRPCMessage, JSONRPCRequest, RequestId } from '../protocol/types';
import { isObject } from '../util/isObject';
import type { Replays } from './replays';
import type { ReplayHandler } from './serveReplays';

/** A client request with an open response. */
interface Exchange {
  /** The id and the progress token that the client used. */
  id: RequestId;
  token: unknown;
  isListen: boolean;
  response: ServerResponse;
}

const maxBodyBytes = 4 * 2 ** 20;

/**
 * Serves replays to clients of protocol 2026-07-28, which has no sessions. All requests share the replay of one connection. After
 * a recorded loss of the connection, the next request starts the replay of the next connection.
 */
export function createModernReplays(replays: Replays): ReplayHandler {
  // Requests are renumbered for the replay, because different clients may use the same ids.
  const exchanges = new Map<number, Exchange>();
  let replay: Transport | undefined;
  let count = 0;

  function connect(): Transport {
    if (replay) return replay;
    const next = replays.next();
    replay = next;
    next.onmessage = deliver;
    next.onclose = () => {
      if (replay === next) replay = undefined;
      for (const { response } of exchanges.values()) response.destroy();
    };
    void next.start();
    return next;
  }

  function deliver(message: JSONRPCMessage): void {
    if ('method' in message) {
      const params = isObject(message.params) ? message.params : {};
      const meta = isObject(params._meta) ? params._meta : {};
      const subscription = exchanges.get(Number(meta[metaKeys.subscriptionId]));
      if (subscription) {
        const own = { ...meta, [metaKeys.subscriptionId]: subscription.id };
        write(subscription, { ...message, params: { ...params, _meta: own } });
        return;
      }
      const call = exchanges.get(Number(params['progressToken']));
      if (call) write(call, { ...message, params: { ...params, progressToken: call.token } });
      // A log message is sent to all pending calls, because a recording does not contain the call that it belongs to.
      else for (const exchange of exchanges.values()) if (!exchange.isListen) write(exchange, message);
      return;
    }
    const exchange = exchanges.get(Number(message.id));
    if (!exchange) return;
    write(exchange, { ...message, id: exchange.id });
    exchange.response.end();
  }

  function serve(request: JSONRPCRequest, response: ServerResponse): void {
    const id = count++;
    const meta = request.params?._meta;
    const token = meta?.progressToken;
    exchanges.set(id, { id: request.id, token, isListen: request.method === 'subscriptions/listen', response });
    response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' }).flushHeaders();
    const transport = connect();
    response.on('close', () => {
      exchanges.delete(id);
      if (!response.writableEnded)
        void transport.send({ jsonrpc: '2.0', method: 'notifications/cancelled', params: { requestId: id } });
    });
    const params = { ...request.params, _meta: { ...meta, ...(token !== undefined && { progressToken: id }) } };
    void transport.send({ ...request, id, params });
  }

  return {
    async handle(request, response) {
      if (request.method !== 'POST') {
        response.writeHead(405, { allow: 'POST' }).end();
        return;
      }
      const message = await readMessage(request);
      if (isNotification(message)) response.writeHead(202).end();
      else if (!isRequest(message))
        refuse(response, null, errorCode.invalidRequest, 'replay: expected a JSON-RPC request');
      else if (message.method === 'initialize')
        refuse(
          response,
          message.id,
          modernErrorCode.unsupportedVersion,
          `replay: the recording is of protocol ${protocolVersion}`,
        );
      else serve(message, response);
    },
    async close() {
      await replay?.close();
    },
  };
}

function write({ response }: Exchange, message: object): void {
  response.write(`event: message\ndata: ${JSON.stringify(message)}\n\n`);
}

function refuse(response: ServerResponse, id: RequestId | null, code: number, message: string): void {
  const error = { code, message, data: { supported: [protocolVersion] } };
  response.writeHead(400, { 'content-type': 'application/json' }).end(JSON.stringify({ jsonrpc: '2.0', id, error }));
}

/** Reads and parses the body of a request. Resolves with `undefined` if it is not JSON or too large. */
async function readMessage(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    if (!Buffer.isBuffer(chunk)) continue;
    size += chunk.length;
    if (size > maxBodyBytes) return undefined;
    chunks.push(chunk);
  }
  try {
    return JSON.parse(Buffer.concat(chunks).toString('utf8'));
  } catch {
    return undefined;
  }
}
