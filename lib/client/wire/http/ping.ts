import { noop, type SchedulerLike } from 'rxjs';
import { parseMessage } from '../../../protocol/message';
import { withTimeout } from '../../../util/abort';
import { answersRequest, eventStream, json, mediaTypeOf, namesUnknownSession } from '../../http/readAnswer';
import { readErrorBody } from '../../http/readBody';

/** Dependencies of {@link ping}. */
export interface PingOptions {
  /** Sends a message with a POST. */
  send(body: string, signal: AbortSignal): Promise<Response>;
  /** Whether a status means that the server does not recognize the session. */
  meansUnknownSession(status: number): boolean;
  scheduler: SchedulerLike;
}

const pingTimeoutMs = 5_000;
const pingRequest = { jsonrpc: '2.0', id: 'rx-mcp-alive', method: 'ping' } as const;

/**
 * Sends a ping, and resolves with its outcome: `'rejected'` if the server does not recognize the session, and
 * `'unclear'` if the response may be from a proxy, for example. Rejects if there is no response.
 */
export async function ping(
  { send, meansUnknownSession, scheduler }: PingOptions,
  signal: AbortSignal,
): Promise<'answered' | 'rejected' | 'unclear'> {
  const response = await withTimeout({ timeoutMs: pingTimeoutMs, scheduler, signal }, (limitedSignal) =>
    send(JSON.stringify(pingRequest), limitedSignal),
  );
  const { ok, status } = response;
  const type = mediaTypeOf(response);
  if (ok && type !== json) {
    await response.body?.cancel();
    return type === eventStream ? 'answered' : 'unclear';
  }
  const text = await readErrorBody(response, scheduler);
  const isAnswer = answersRequest(parseMessage(text, noop), pingRequest.id);
  if (!ok && !isAnswer) return meansUnknownSession(status) ? 'rejected' : 'unclear';
  if (text.includes('"error"') && namesUnknownSession(text)) return 'rejected';
  return isAnswer ? 'answered' : 'unclear';
}
