import type { Notification, ProgressToken, RequestId } from '../../protocol/types';

/** The maximum number of progress tokens to keep for requests that were answered with a task. */
const maxTaskTokens = 256;

let transports = 0;

/**
 * Maps the progress tokens of a client to tokens that are unique within the session. Needed because the tokens of each
 * client are numbers from 0.
 */
export interface ClientProgress {
  /** Returns the token to send with a request. */
  open(id: RequestId, token: ProgressToken | undefined): ProgressToken;
  /** Forgets the token of a request that has ended. If the request was answered with a task, its progress continues. */
  close(id: RequestId, isTask: boolean): void;
  /**
   * Returns the params of a progress notification, with the client's own token. Returns `undefined` if the token is not
   * of this client.
   */
  translate(params: Notification['params']): Notification['params'];
}

export function createClientProgress(): ClientProgress {
  const prefix = `rx-mcp-transport-${String(transports++)}-`;
  const tokens = new Map<ProgressToken, ProgressToken>();
  const open = new Map<RequestId, ProgressToken>();
  const tasks = new Set<ProgressToken>();
  let requests = 0;

  return {
    open(id, token) {
      const sent = `${prefix}${String(requests++)}`;
      if (token !== undefined) {
        tokens.set(sent, token);
        open.set(id, sent);
      }
      return sent;
    },
    close(id, isTask) {
      const sent = open.get(id);
      open.delete(id);
      if (sent === undefined) return;
      if (!isTask) {
        tokens.delete(sent);
        return;
      }
      tasks.add(sent);
      const [oldest] = tasks;
      if (tasks.size > maxTaskTokens && oldest !== undefined) {
        tasks.delete(oldest);
        tokens.delete(oldest);
      }
    },
    translate(params) {
      const sent = params?.['progressToken'];
      const token = typeof sent === 'string' ? tokens.get(sent) : undefined;
      return token === undefined ? undefined : { ...params, progressToken: token };
    },
  };
}
