import { Observable, type Subscriber } from 'rxjs';
import { ServerError } from '../errors';
import type { CallEvent } from '../client/session/callOptions';
import { isObject } from '../util/isObject';
import { assertResult } from './callContext';
import type { Result } from '../protocol/types';

/** The requests of this node to clients that have no answer yet. */
export interface Questions {
  /**
   * Asks a client. Cold: sends a request, emits the client's progress, then the result. Errors with a `ServerError` for a
   * JSON-RPC error. Unsubscribing withdraws the request with `notifications/cancelled`.
   *
   * @param session - whose answer counts.
   */
  ask$(
    session: string,
    method: string,
    params: Record<string, unknown>,
    send: (message: object) => void,
  ): Observable<CallEvent<Result>>;
  /** Takes an answer, or progress, of a client. Returns the node that it belongs to when that is another one. */
  settle(session: string, message: unknown): string | undefined;
}

interface Question {
  session: string;
  method: string;
  subscriber: Subscriber<CallEvent<Result>>;
}

/** Numbers and keeps the questions of a node. An id is `{node}:{n}`, so any node can tell whose answer it received. */
export function createQuestions(node: () => string): Questions {
  const open = new Map<string, Question>();
  let count = 0;

  return {
    ask$: (session, method, params, send) =>
      new Observable((subscriber) => {
        const id = `${node()}:${String(++count)}`;
        open.set(id, { session, method, subscriber });
        subscriber.add(() => {
          if (open.delete(id))
            send({ method: 'notifications/cancelled', params: { requestId: id, reason: 'withdrawn' } });
        });
        const meta = isObject(params['_meta']) ? params['_meta'] : {};
        send({ id, method, params: { ...params, _meta: { ...meta, progressToken: id } } });
      }),

    settle(session, message) {
      const id = questionOf(message);
      if (id === undefined) return undefined;
      const [owner] = id.split(':');
      if (owner !== node()) return owner;
      const question = open.get(id);
      if (question?.session !== session || !isObject(message)) return undefined;
      const { subscriber, method } = question;
      if ('method' in message) {
        const { params } = message;
        if (isProgress(params)) subscriber.next({ kind: 'progress', ...params });
        return undefined;
      }
      open.delete(id);
      if (isObject(message['error'])) {
        subscriber.error(toServerError(method, message['error']));
        return undefined;
      }
      try {
        subscriber.next({ kind: 'result', result: assertResult(method)(message['result']) });
        subscriber.complete();
      } catch (error) {
        subscriber.error(error);
      }
      return undefined;
    },
  };
}

/** The id of the question that a response or a progress notification belongs to. */
function questionOf(message: unknown): string | undefined {
  if (!isObject(message)) return undefined;
  const { params } = message;
  const id = 'method' in message ? (isObject(params) ? params['progressToken'] : undefined) : message['id'];
  return typeof id === 'string' && id.includes(':') ? id : undefined;
}

function isProgress(params: unknown): params is { progressToken: string; progress: number } {
  return isObject(params) && typeof params['progress'] === 'number' && typeof params['progressToken'] === 'string';
}

function toServerError(method: string, { code, message, data }: Record<string, unknown>): ServerError {
  return new ServerError(typeof message === 'string' ? message : `${method}: the client answered with an error`, {
    code: typeof code === 'number' ? code : 0,
    data,
  });
}
