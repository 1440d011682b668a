import { loggingLevels } from '../notification/notificationMap';
import type { ClientCapabilities, Implementation, LoggingLevel } from '../protocol/types';
import { isObject } from '../util/isObject';

/** The record of a session in the store. Contains everything that a node needs to serve the session. */
export interface SessionRecord {
  readonly protocolVersion: string;
  readonly clientInfo?: Implementation;
  readonly capabilities: ClientCapabilities;
  readonly principal?: string;
  /** The end of the broadcast log when the session started. */
  readonly broadcast: string;
  readonly level?: LoggingLevel;
  /** The URIs of the resources that the client is subscribed to. */
  readonly uris: readonly string[];
}

/** Returns the key of a session's record. */
export const recordKey = (session: string): string => `s:${session}`;

/** Returns the name of a session's log, which contains the messages for its GET stream. */
export const sessionLog = (session: string): string => `g:${session}`;

/** Returns the name of the log of one call. */
export const callLogKey = (session: string, call: string): string => `r:${session}:${call}`;

/** Returns the key of a running call's record. */
export const callKey = (session: string, call: string): string => `o:${session}:${call}`;

/** Returns the key that stores which node has the GET stream of a session. */
export const listenerKey = (session: string): string => `l:${session}`;

/** Returns the key that a node renews as its heartbeat. Also the name of the channel for messages to the node. */
export const nodeKey = (node: string): string => `n:${node}`;

/** Whether a stored value is a valid record. Another version of this library may have written it. */
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

export function isImplementation(value: unknown): value is Implementation {
  return isObject(value) && typeof value['name'] === 'string' && typeof value['version'] === 'string';
}
