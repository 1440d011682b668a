import { isObject } from '../../util/isObject';
import type { RecordedError, RecordedEvent, RecordedMessage } from './format';
import { isRequest, isResponse, progressTokenOf, subscriptionIdOf } from './matching';

/** A recorded request, with the messages that the server sent in response. */
export interface ScriptedRequest {
  t: number;
  message: RecordedMessage;
  /**
   * Progress, then the response, each with its time. There is no response if the connection was lost before it arrived.
   */
  answers: readonly { t: number; message: RecordedMessage }[];
}

/** A recorded event that does not belong to a request: a message of the server, or a gap. */
export type ScriptedEvent =
  { t: number; kind: 'message'; message: RecordedMessage } | { t: number; kind: 'gap'; since: number; until: number };

/** The recorded events of one connection. */
export interface ConnectionScript {
  startedAt: number;
  requests: readonly ScriptedRequest[];
  events: readonly ScriptedEvent[];
  /** Whether the handshake succeeded. */
  hasOpened: boolean;
  lost?: { t: number; error?: RecordedError };
}

/** Splits the events of a recording by connection, in order. */
export function scriptsOf(events: readonly RecordedEvent[]): ConnectionScript[] {
  const groups = new Map<number, RecordedEvent[]>();
  for (const event of events) {
    const group = groups.get(event.c);
    if (group) group.push(event);
    else groups.set(event.c, [event]);
  }
  return [...groups.values()].map(scriptOf);
}

function scriptOf(events: readonly RecordedEvent[]): ConnectionScript {
  const requests: (ScriptedRequest & { answers: { t: number; message: RecordedMessage }[] })[] = [];
  const unsolicited: ScriptedEvent[] = [];
  const open = new Map<unknown, (typeof requests)[number]>();
  const tokens = new Map<unknown, (typeof requests)[number]>();
  let openedAt: number | undefined;
  let lost: ConnectionScript['lost'];
  for (const entry of events) {
    const { t } = entry;
    if ('message' in entry) {
      const { message, dir } = entry;
      if (dir === 'out') {
        if (!isRequest(message)) continue;
        const request = { t, message, answers: [] };
        requests.push(request);
        open.set(message['id'], request);
        const token = progressTokenOf(message);
        if (token !== undefined) tokens.set(token, request);
      } else {
        const params = isObject(message['params']) ? message['params'] : {};
        const isProgress = message['method'] === 'notifications/progress';
        const request = isResponse(message)
          ? open.get(message['id'])
          : isProgress
            ? tokens.get(params['progressToken'])
            : open.get(subscriptionIdOf(message));
        if (request) request.answers.push({ t, message });
        else if (!isResponse(message)) unsolicited.push({ t, kind: 'message', message });
      }
    } else if (entry.event === 'gap') {
      // Gaps between connections are left out, because the session that replays the reconnection emits them itself.
      if (openedAt !== undefined && entry.since >= openedAt)
        unsolicited.push({ t, kind: 'gap', since: entry.since, until: entry.until });
    } else if (entry.event === 'open') {
      openedAt = t;
    } else if (entry.event === 'lost') {
      lost = { t, ...(entry.error && { error: entry.error }) };
    }
  }
  const startedAt = events[0]?.t ?? 0;
  return {
    startedAt,
    requests,
    events: unsolicited,
    hasOpened: openedAt !== undefined || lost === undefined,
    ...(lost && { lost }),
  };
}
