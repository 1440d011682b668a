import { ConnectionFailedError, type MCPError } from '../../errors';
import type { Gap } from '../../notification/hub';
import type { Connection, StreamState } from '../connection/connection';
import type { SessionStatus } from './sessionStatus';

/** The state that a session derives from its connections. */
export interface SessionState {
  readonly status: SessionStatus;
  /** The current connection. Present even while its server is unreachable. */
  readonly current?: Connection | undefined;
  /** The connection to make calls on. Absent without a connection, and while the server is unreachable. */
  readonly usable?: Connection | undefined;
  /**
   * The gap that has begun and not ended: notifications since then may have been missed. Absent if none were missed,
   * and before the first connection.
   */
  readonly openGap?: Omit<Gap, 'until'> | undefined;
  /** The last state of the stream of the current or the previous connection. Absent before the first connection. */
  readonly stream?: StreamState | undefined;
}

/** An event that changes a {@link SessionState}. */
export type SessionEvent =
  /** The first attempt begins. */
  | { kind: 'connecting' }
  /** The connection's stream has changed its state. The first such event opens the connection. */
  | { kind: 'streamState'; connection: Connection; stream: StreamState }
  /** A connection was lost, or an attempt failed, and the next attempt is scheduled. */
  | Dropped
  /** The session was closed. There is no further attempt. */
  | { kind: 'closed'; error: MCPError | undefined; missedSince: number };

interface Dropped {
  kind: 'dropped';
  error: MCPError;
  attempt: number;
  delay: number;
  missedSince: number;
}

/** The state of a session that was never connected. */
export const idle: SessionState = { status: { state: 'idle' } };

/** Returns the state after an event. */
export function reduce(state: SessionState, event: SessionEvent): SessionState {
  const { stream, openGap } = state;
  switch (event.kind) {
    case 'connecting':
      return { status: { state: 'connecting' }, stream, openGap };
    case 'streamState': {
      const { connection } = event;
      const usable = isUnreachable(event.stream) ? undefined : connection;
      return { status: statusOf(connection, event.stream), stream: event.stream, current: connection, usable };
    }
    case 'dropped':
      return { status: reconnecting(event), stream, openGap: gapOf(state, event.error, event.missedSince) };
    case 'closed': {
      const { error, missedSince } = event;
      const wasOpen = state.status.state === 'connected' || state.status.state === 'reconnecting';
      const status: SessionStatus = { state: 'closed', ...(error && { error }) };
      return { status, stream, openGap: error && wasOpen ? gapOf(state, error, missedSince) : openGap };
    }
  }
}

/**
 * Returns the open gap, or a new one, unless the session never had a connection. A new gap begins when the stream was
 * last known to be live.
 */
function gapOf({ stream, openGap }: SessionState, cause: MCPError, missedSince: number): SessionState['openGap'] {
  if (!stream || openGap) return openGap;
  return { since: stream.listening ? missedSince : Math.min(missedSince, stream.since), cause };
}

function statusOf({ protocolVersion, protocolEra }: Connection, stream: StreamState): SessionStatus {
  return !stream.listening && stream.retry
    ? reconnecting(stream.retry)
    : { state: 'connected', listening: stream.listening, protocolVersion, protocolEra };
}

/** Rounds the delay, because jitter leads to fractions of a millisecond. */
function reconnecting({ attempt, delay, error }: Pick<Dropped, 'attempt' | 'delay' | 'error'>): SessionStatus {
  return { state: 'reconnecting', attempt, delay: Math.round(delay), error };
}

/**
 * Whether the stream failed with a network error, as opposed to an HTTP status. Calls then wait until the server is
 * reachable.
 */
function isUnreachable(stream: StreamState): boolean {
  const error = stream.listening || stream.reachable ? undefined : stream.retry?.error;
  return error instanceof ConnectionFailedError && error.status === undefined;
}
