import type { ServerResponse } from 'node:http';
import type { FaultAnswer } from './faultAnswer';
import type { FaultAnswerOptions } from './faultAnswerOptions';

const eventStream = { 'content-type': 'text/event-stream' };

/** Answers a request in a faulty way. Returns the status, or 0 when there is none. */
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
