import { loggingLevels } from '../notification/notificationMap';
import type { ClientCapabilities, Implementation, LoggingLevel } from '../protocol/types';
import { isObject } from '../util/isObject';

/** What is stored of a session, so that any node can serve it. */
export interface SessionRecord {
  readonly protocolVersion: string;
  readonly clientInfo?: Implementation;
  readonly capabilities: ClientCapabilities;
  readonly principal?: string;
  /** The position in the broadcast log when the session began. */
  readonly broadcast: string;
  readonly level?: LoggingLevel;
  /** The resources that the client subscribed to. */
  readonly uris: readonly string[];
}

/** The key of a session's record. */
export const recordKey = (session: string): string => `s:${session}`;

/** The log of what a session receives on its GET stream. */
export const sessionLog = (session: string): string => `g:${session}`;

/** The log of one call. */
export const callLogKey = (session: string, call: string): string => `r:${session}:${call}`;

/** The key of what is known of a running call. */
export const callKey = (session: string, call: string): string => `o:${session}:${call}`;

/** The key of the node that holds the GET stream of a session. */
export const listenerKey = (session: string): string => `l:${session}`;

/** The key that a node keeps alive, and the channel of what is sent to it. */
export const nodeKey = (node: string): string => `n:${node}`;

/** Whether a stored value is a record. A store is shared: another version of this library may have written it. */
export function isRecord(value: unknown): value is SessionRecord {
  return (
    isObject(value) &&
    typeof value['protocolVersion'] === 'string' &&
    typeof value['broadcast'] === 'string' &&
    isObject(value['capabilities']) &&
    Array.isArray(value['uris']) &&
    (value['level'] === undefined || loggingLevels.some((level) => level === value['level']))
  );
}
