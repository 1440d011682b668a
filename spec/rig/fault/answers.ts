import type { ServerResponse } from 'node:http';
import type { FaultAnswer, FaultAnswerOptions } from './commands';

interface StandingAnswer {
  answer: FaultAnswer;
  options: FaultAnswerOptions;
}

/** The faulty responses in effect, one per HTTP method. */
export interface Answers {
  set(httpMethod: string, answer: FaultAnswer | null, options?: FaultAnswerOptions): void;
  /** Returns the faulty response for a request with these JSON-RPC methods, if there is one, and counts its use. */
  take(httpMethod: string, methods: readonly (string | undefined)[]): StandingAnswer | undefined;
}

/** Creates the responses with their initial values, by HTTP method. */
export function createAnswers(initial: Record<string, FaultAnswer | undefined>): Answers {
  const standing = new Map<string, StandingAnswer & { left: number }>();

  const set: Answers['set'] = (httpMethod, answer, options = {}) => {
    if (answer === null) standing.delete(httpMethod);
    else standing.set(httpMethod, { answer, options, left: options.times ?? Infinity });
  };
  for (const [httpMethod, answer] of Object.entries(initial)) set(httpMethod, answer ?? null);

  return {
    set,
    take: (httpMethod, methods) => {
      const found = standing.get(httpMethod);
      if (!found || (found.options.method !== undefined && !methods.includes(found.options.method))) return undefined;
      found.left -= 1;
      if (found.left <= 0) standing.delete(httpMethod);
      return found;
    },
  };
}

const eventStream = { 'content-type': 'text/event-stream' };

/** Sends a faulty response to a request. Returns the status, or 0 if there is none. */
export function giveAnswer(to: ServerResponse, answer: FaultAnswer, options: FaultAnswerOptions): number {
  const retryAfter = options.retryAfter === undefined ? {} : { 'retry-after': String(options.retryAfter) };
  const headers = { ...retryAfter, ...options.headers };
  switch (answer) {
    case 'hang':
      return 0;
    case 'reset':
      to.socket?.resetAndDestroy();
      return 0;
    case 'html':
      to.writeHead(200, { 'content-type': 'text/html', ...headers }).end('<!doctype html><title>Hello</title>');
      return 200;
    case 'json':
      to.writeHead(200, { 'content-type': 'application/json', ...headers }).end('{}');
      return 200;
    case 'end-at-once':
      to.writeHead(200, { ...eventStream, ...headers }).end();
      return 200;
    case 'reset-at-once':
      to.writeHead(200, { ...eventStream, ...headers });
      to.write(': opened\n\n', () => to.socket?.resetAndDestroy());
      return 200;
    default:
      to.writeHead(answer, { 'content-type': 'application/json', ...headers });
      to.end(JSON.stringify({ jsonrpc: '2.0', id: null, error: { code: -32000, message: `Answered ${answer}` } }));
      return answer;
  }
}

/** Writes a body as it arrives. Stops when the connection is lost, or when the response was ended elsewhere. */
export async function writeBody(body: ReadableStream<Uint8Array>, to: ServerResponse): Promise<void> {
  const reader = body.getReader();
  const closed = new Promise<void>((resolve) => {
    if (to.closed) resolve();
    else to.once('close', resolve);
  }).then(() => reader.cancel());
  for (;;) {
    const { done, value } = await reader.read();
    if (done || to.writableEnded) break;
    if (!to.write(value)) await Promise.race([new Promise((drained) => to.once('drain', drained)), closed]);
  }
  to.end();
  await closed;
}
