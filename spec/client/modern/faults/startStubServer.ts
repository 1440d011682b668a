import type { JSONRPCRequest } from '@modelcontextprotocol/sdk/types.js';
import { createServer, type ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import { listen } from '../../../rig/listen';

/** Responds to a parsed request of a stub server. */
type StubAnswer = (response: ServerResponse, request: JSONRPCRequest) => void;

/** An HTTP server of the modern era that responds as specified by a spec. */
export interface StubServer {
  readonly url: string;
  readonly port: number;
  /** The methods of the received requests. */
  readonly methods: string[];
  /** Sets how subscriptions are answered. Initially they are acknowledged, and stay open. */
  onListen(answer: StubAnswer): void;
  /** Sets how tool calls are answered. */
  onCall(answer: StubAnswer): void;
  /** Sets how lists are answered. */
  onList(answer: StubAnswer): void;
  /** Responds to every request with this status. `undefined` restores the normal responses. */
  refuse(status: number | undefined): void;
  /** Writes text to the newest open stream. */
  write(raw: string): void;
  /** Ends the newest open stream. */
  end(): void;
  close(): Promise<void>;
}

const subscriptionId = 'io.modelcontextprotocol/subscriptionId';

/** Formats a message as an event. */
export const eventOf = (message: object): string => `data: ${JSON.stringify({ jsonrpc: '2.0', ...message })}\n\n`;

/** Starts an event stream. */
export const stream = (response: ServerResponse): ServerResponse =>
  response.writeHead(200, { 'content-type': 'text/event-stream' });

/** Formats the acknowledgement of a subscription as an event. */
export const acknowledgment = ({ id, params }: JSONRPCRequest): string =>
  eventOf({
    method: 'notifications/subscriptions/acknowledged',
    params: { notifications: params?.['notifications'], _meta: { [subscriptionId]: id } },
  });

/** Starts a stub server on a loopback port. */
export async function startStubServer(capabilities: object = { tools: { listChanged: true } }): Promise<StubServer> {
  const methods: string[] = [];
  let newest: ServerResponse | undefined;
  let refusal: number | undefined;
  let subscribe: StubAnswer = (response, request) => {
    newest = stream(response);
    response.write(acknowledgment(request));
  };
  let call: StubAnswer = (response, { id }) => {
    stream(response).end(eventOf({ id, result: { resultType: 'complete', content: [] } }));
  };

  let list: StubAnswer | undefined;

  const server = createServer((request, response) => {
    void text(request).then((body) => {
      if (request.method !== 'POST') {
        response.writeHead(405).end();
        return;
      }
      const message = JSON.parse(body) as JSONRPCRequest;
      const { id, method } = message;
      methods.push(method);
      if (refusal !== undefined) {
        response.writeHead(refusal, { 'content-type': 'text/html' }).end('<html>deploying</html>');
        return;
      }
      if (method === 'subscriptions/listen') subscribe(response, message);
      else if (method === 'tools/call') call(response, message);
      else if (list && method.endsWith('/list')) list(response, message);
      else {
        const cached = { resultType: 'complete', ttlMs: 0, cacheScope: 'private' };
        stream(response).end(
          eventOf({ id, result: { ...cached, supportedVersions: ['2026-07-28'], capabilities, tools: [] } }),
        );
      }
    });
  });
  const { url, port, close } = await listen(server);

  return {
    url,
    port,
    methods,
    onListen: (answer) => void (subscribe = answer),
    onCall: (answer) => void (call = answer),
    onList: (answer) => void (list = answer),
    refuse: (status) => void (refusal = status),
    write: (raw) => void newest?.write(raw),
    end: () => void newest?.end(),
    close,
  };
}
