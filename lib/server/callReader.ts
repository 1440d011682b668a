import { merge, Subject, Subscription } from 'rxjs';
import { coalesceMap } from '../operator/coalesceMap';
import type { RequestId } from '../protocol/types';
import { endFrame, type CallLog } from './callLog';
import { eventOf, type EventStream } from './eventStream';
import { nodeLost$ } from './nodes/nodeLost';
import { nodeLostError } from './nodes/nodeLostError';
import { readLog } from './readLog';
import type { ServerSettings } from './serverOptions';

/**
 * Writes the frames of a call to its original response. Returns a function that writes the available frames; call it
 * when there are more frames or the stream has room.
 */
export function readCall(log: CallLog, stream: EventStream, hasIds: boolean): () => void {
  let isWriting = false;

  return () => {
    if (isWriting) return;
    isWriting = true;
    while (stream.hasRoom() || log.isEnding) {
      const next = log.take();
      if (next === undefined) break;
      if (typeof next === 'string') {
        stream.close();
        break;
      }
      stream.write(eventOf(hasIds ? callEventId(log.key, next.position) : undefined, next.frame));
    }
    isWriting = false;
  };
}

/** Returns the event id for a position in the log of a call. */
export const callEventId = (call: string, position: number | string): string => `r.${call}.${String(position)}`;

/** The record of a running call in the backplane. */
export interface CallRecord {
  readonly node: string;
  /** The request ids of the call: one, or several for a batch. */
  readonly ids: readonly RequestId[];
}

export interface ResumeOptions {
  call: string;
  log: string;
  /** The position of the last event that the client received. */
  after: string;
  record: CallRecord | undefined;
  /** The name of this node. */
  node: string;
  stream: EventStream;
  settings: ServerSettings;
  onError: (cause: unknown) => void;
}

const batchSize = 64;

/** The frame to use if entries were trimmed. Ends the stream; the client's next attempt to resume it is rejected. */
const trimmedEntry = { id: '', frame: endFrame };

/**
 * Writes the frames of a call from the backplane to another response, starting after a position. `read` continues when
 * the stream has room; `stop` ends the writing.
 */
export function resumeCall(options: ResumeOptions): { read: () => void; stop: () => void } {
  const { call, log, record, node, stream } = options;
  const { backplane } = options.settings;
  const work = new Subscription();
  const due$ = new Subject<void>();
  let position = options.after;

  /** Writes all available frames. Resolves with `true` if the stream is open and waits for more frames. */
  async function readAll(): Promise<boolean> {
    while (stream.hasRoom()) {
      const batch = await readLog(backplane, log, position, batchSize);
      if (batch?.length === 0) return true;
      for (const { id, frame } of batch ?? [trimmedEntry]) {
        if (frame === endFrame) {
          stream.close();
          return false;
        }
        if (!stream.hasRoom()) return false;
        position = id;
        stream.write(eventOf(callEventId(call, id), frame));
      }
    }
    return false;
  }

  /** Ends a call with an error, because the node that ran it is gone. The call is not run again. */
  async function endLost(): Promise<void> {
    if (!(await readAll())) return;
    for (const id of record?.ids ?? []) stream.write(eventOf(undefined, JSON.stringify(nodeLostError(id))));
    stream.close();
  }

  const reading$ = merge(due$, backplane.wake$(log)).pipe(coalesceMap(() => readAll().catch(options.onError)));
  work.add(reading$.subscribe());
  if (record && record.node !== node) {
    work.add(nodeLost$(options.settings, record.node).subscribe(() => void endLost().catch(options.onError)));
  }
  return { read: () => due$.next(), stop: () => work.unsubscribe() };
}
