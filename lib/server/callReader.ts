import { merge, Subject, Subscription } from 'rxjs';
import { coalesceMap } from '../operator/coalesceMap';
import type { RequestId } from '../protocol/types';
import { endFrame, type CallLog } from './callLog';
import { eventOf, type EventStream } from './eventStream';
import { nodeLost$ } from './nodes/nodeLost';
import { nodeLostError } from './nodes/nodeLostError';
import type { ServerSettings } from './serverOptions';

/** Writes a call's frames to the response that the call began with. Returns the function that reads on. */
export function readCall(log: CallLog, stream: EventStream, hasIds: boolean): () => void {
  let isWriting = false;

  return () => {
    if (isWriting) return;
    isWriting = true;
    while (stream.hasRoom()) {
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

/** The id of a call's event. */
export const callEventId = (call: string, position: number | string): string => `r.${call}.${String(position)}`;

/** What is stored of a call while it runs. */
export interface CallRecord {
  readonly node: string;
  /** The requests of the call: one, but for a batch. */
  readonly ids: readonly RequestId[];
}

/** Options for {@link resumeCall}. */
export interface ResumeOptions {
  call: string;
  log: string;
  /** The position of the last event that the client got. */
  after: string;
  record: CallRecord | undefined;
  /** This node, which lives. */
  node: string;
  stream: EventStream;
  settings: ServerSettings;
  onError: (cause: unknown) => void;
}

const batchSize = 64;

/** Stands for what was trimmed away: the stream ends, and resuming it again is refused. */
const gone = { id: '', frame: endFrame };

/** Writes a call's frames from the backplane, from a position on. Returns what reads on, and what stops it. */
export function resumeCall(options: ResumeOptions): { read: () => void; stop: () => void } {
  const { call, log, record, node, stream } = options;
  const { backplane } = options.settings;
  const work = new Subscription();
  const due$ = new Subject<void>();
  let position = options.after;

  /** Reads what there is. Resolves with whether the stream is still open, and waits for more. */
  async function readAll(): Promise<boolean> {
    while (stream.hasRoom()) {
      const batch = await backplane.range(log, position, batchSize);
      if (batch?.length === 0) return true;
      for (const { id, frame } of batch ?? [gone]) {
        if (frame === endFrame) {
          stream.close();
          return false;
        }
        position = id;
        stream.write(eventOf(callEventId(call, id), frame));
      }
    }
    return false;
  }

  /** A call of another node ends with an error when the node is gone: the call is not run again. */
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
