import type { RecordedMessage } from '../../lib/testing/recording/format';
import { isRecord, type RecordedStep } from './openedRecording';
import { type Phase, recordedPhase } from './phase';
import { beginRequest, endRequest, noRequests, progressOf, type RecordedRequests } from './recordedRequests';
import type { Replayed } from './replayTo';
import { errorTrouble, gapTrouble, type Trouble } from './trouble';

/** The state of a recorded session at one time. */
export interface RecordedState {
  readonly phase: Phase;
  /** The number of the connection. */
  readonly connection: number;
  readonly messages: number;
  readonly notifications: number;
  /** The latest list of tools, and the latest calls. */
  readonly requests: RecordedRequests;
  /** The latest losses and gaps, newest first. `at` is in milliseconds since the header. */
  readonly troubles: readonly (Trouble & { readonly at: number })[];
}

/** The maximum number of losses and gaps to keep. */
const maxTroubles = 100;

const initialState: RecordedState = {
  phase: 'connecting',
  connection: 1,
  messages: 0,
  notifications: 0,
  requests: noRequests,
  troubles: [],
};

/** A reducer that returns the state after a replay. `undefined` is the state before the first replay. */
export const stateAfter = (
  state: RecordedState | undefined,
  { rewound, steps }: Replayed<RecordedStep>,
  server: string,
): RecordedState => {
  const start = state && !rewound ? state : initialState;
  return steps.reduce((before, step) => after(before, step, server), start);
};

function after(state: RecordedState, { t, event, notification }: RecordedStep, server: string): RecordedState {
  const now = { ...state, connection: event.c, phase: recordedPhase(event) ?? state.phase };
  if ('message' in event) {
    return {
      ...now,
      messages: state.messages + 1,
      notifications: state.notifications + (notification ? 1 : 0),
      requests: requestsAfter(state.requests, event.c, event.dir, event.message, server),
    };
  }
  const withTrouble = (trouble: Trouble) => ({
    ...now,
    troubles: [{ ...trouble, at: t }, ...state.troubles].slice(0, maxTroubles),
  });
  if (event.event === 'gap') return withTrouble(gapTrouble(event.since, event.until));
  if (event.event !== 'lost') return now;
  return withTrouble(errorTrouble(event.error ?? { name: 'ConnectionLostError', message: 'the connection was lost' }));
}

function requestsAfter(
  requests: RecordedRequests,
  connection: number,
  dir: 'in' | 'out',
  message: RecordedMessage,
  server: string,
): RecordedRequests {
  const params = isRecord(message['params']) ? message['params'] : {};
  if (dir === 'out') return beginRequest(requests, connection, message, params, server);
  if (message['method'] === 'notifications/progress') return progressOf(requests, connection, params);
  return 'method' in message ? requests : endRequest(requests, connection, message);
}
