import type { RequestId } from '../protocol/types';
import { isObject } from '../util/isObject';
import type { SessionEnd } from './serverSession';

/** A message between nodes about a session. */
export type NodeMessage = { session: string; node: string } & (
  | { kind: 'cancel'; request: RequestId }
  | { kind: 'end'; reason: SessionEnd }
  | { kind: 'stored' }
  | { kind: 'roots' }
  | { kind: 'listening'; on: boolean }
);

const kinds = new Set<unknown>(['cancel', 'end', 'stored', 'roots', 'listening']);

/** Whether a value is a {@link NodeMessage}. */
export function isNodeMessage(message: unknown): message is NodeMessage {
  return isObject(message) && typeof message['session'] === 'string' && kinds.has(message['kind']);
}
