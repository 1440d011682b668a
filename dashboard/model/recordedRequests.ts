import type { RecordedMessage } from '../../lib/testing/recording/format';
import { advance, startedCall, type CallState, type CallStep } from './callState';
import { isRecord } from './openedRecording';
import { cut } from './text';

/** The tool lists and tool calls of a recording up to the current position. */
export interface RecordedRequests {
  /** The latest list of tools. */
  readonly tools: readonly RecordedTool[];
  /** The latest calls, oldest first. */
  readonly calls: readonly CallState[];
  /** The total number of calls. */
  readonly count: number;
  /** The requests without a response, oldest first. */
  readonly pending: readonly PendingRequest[];
}

/** A tool in a recorded list. */
interface RecordedTool {
  readonly name: string;
  readonly description: string;
}

interface PendingRequest {
  readonly connection: number;
  readonly id: unknown;
  readonly token: unknown;
  /** The number of the call, or `undefined` for a request of the tool list. */
  readonly call: number | undefined;
  /** Whether the response is a further page of a list. */
  readonly isNextPage: boolean;
}

const maxCalls = 30;
const maxPending = 200;
const maxTools = 1_000;
const maxTextLength = 300;

export const noRequests: RecordedRequests = { tools: [], calls: [], count: 0, pending: [] };

/** Returns the requests after a request or a notification of the client. */
export function beginRequest(
  requests: RecordedRequests,
  connection: number,
  { id, method }: RecordedMessage,
  params: RecordedMessage,
  server: string,
): RecordedRequests {
  const { calls, count, pending } = requests;
  if (method === 'notifications/cancelled') {
    const cancelled = pending.find((each) => each.connection === connection && each.id === params['requestId']);
    return cancelled ? settle(requests, cancelled, { kind: 'cancelled' }) : requests;
  }
  if (method !== 'tools/list' && method !== 'tools/call') return requests;
  const meta = isRecord(params['_meta']) ? params['_meta'] : {};
  const request = { connection, id, token: meta['progressToken'], isNextPage: params['cursor'] !== undefined };
  const withPending = (call?: number) => [...pending, { ...request, call }].slice(-maxPending);
  if (method === 'tools/list') return { ...requests, pending: withPending() };
  const args = isRecord(params['arguments']) ? params['arguments'] : {};
  const call = startedCall({ id: count, server, tool: textOf(params['name']), args });
  return { ...requests, calls: [...calls, call].slice(-maxCalls), count: count + 1, pending: withPending(count) };
}

/** Returns the requests after a progress notification. */
export function progressOf(requests: RecordedRequests, connection: number, params: RecordedMessage): RecordedRequests {
  const { progressToken, progress, total, message } = params;
  const found = requests.pending.find((each) => each.connection === connection && each.token === progressToken);
  if (found?.call === undefined || progressToken === undefined || typeof progress !== 'number') return requests;
  return withStep(requests, found.call, {
    kind: 'progress',
    progressToken: textOf(progressToken),
    progress,
    ...(typeof total === 'number' && { total }),
    ...(typeof message === 'string' && { message }),
  });
}

/** Returns the requests after a response of the server. */
export function endRequest(
  requests: RecordedRequests,
  connection: number,
  { id, result, error }: RecordedMessage,
): RecordedRequests {
  const request = requests.pending.find((each) => each.connection === connection && each.id === id);
  if (!request) return requests;
  if (isRecord(error)) {
    const failure = Object.assign(new Error(textOf(error['message'])), { name: `error ${textOf(error['code'])}` });
    return settle(requests, request, { kind: 'failed', error: failure });
  }
  const members = isRecord(result) ? result : {};
  if (request.call !== undefined) return settle(requests, request, { kind: 'result', result: resultIn(members) });
  const page = Array.isArray(members['tools']) ? members['tools'].filter(isRecord).map(toolIn) : [];
  const tools = [...(request.isNextPage ? requests.tools : []), ...page].slice(0, maxTools);
  return { ...settle(requests, request), tools };
}

function settle(requests: RecordedRequests, request: PendingRequest, step?: CallStep): RecordedRequests {
  const next = { ...requests, pending: requests.pending.filter((each) => each !== request) };
  return step && request.call !== undefined ? withStep(next, request.call, step) : next;
}

function withStep(requests: RecordedRequests, call: number, step: CallStep): RecordedRequests {
  const calls = requests.calls.map((each) => (each.request.id === call ? advance(each, step) : each));
  return { ...requests, calls };
}

const toolIn = ({ name, description }: RecordedMessage): RecordedTool => ({
  name: cut(textOf(name), maxTextLength),
  description: cut(textOf(description), maxTextLength),
});

/** Returns the texts of a result. Shows other content as its type. Accepts values of any type. */
function resultIn({ content, isError }: RecordedMessage): {
  content: { type: 'text'; text: string }[];
  isError: boolean;
} {
  const parts = Array.isArray(content) ? content.filter(isRecord) : [];
  return {
    content: parts.map(({ type, text }) => ({
      type: 'text',
      text: typeof text === 'string' ? text : `[${textOf(type)}]`,
    })),
    isError: isError === true,
  };
}

const textOf = (value: unknown): string =>
  typeof value === 'string' || typeof value === 'number' ? String(value) : '';
