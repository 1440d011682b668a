import { ConnectionLostError } from '../errors';
import type { Backplane } from './backplane';

/** One frame of a {@link CallLog}: a serialized message. */
interface CallFrame {
  readonly position: number;
  readonly frame: string;
  /** Called if the client can no longer receive the frame, with the reason. */
  readonly onLost?: ((cause: unknown) => void) | undefined;
  /** The reason why the frame is not in the backplane. Absent if it is. */
  failure?: unknown;
  /** Whether the original response has taken the frame. */
  isTaken?: boolean;
}

/**
 * The messages of one call, in order. They are queued for the original response, and appended to the backplane so that
 * another response can resume it. Bounded: if the client reads slowly, only the latest progress stays in the queue.
 */
export interface CallLog {
  readonly key: string;
  /**
   * Adds a message. Later progress may replace progress that has not been taken yet.
   *
   * @param onLost - called with the reason if the client can no longer receive the message: its response has ended,
   * and the message is not in the backplane.
   */
  add(frame: string, kind: FrameKind, onLost?: (cause: unknown) => void): void;
  /** Ends the log. Messages that are added later are dropped. */
  end(): void;
  /**
   * Removes and returns the next frame for the original response, or `undefined` if there is none yet. Returns `'end'`
   * after the last frame, and `'overflow'` if the queue exceeded its limit.
   */
  take(): CallFrame | 'end' | 'overflow' | undefined;
  /** Called when a frame can be taken. */
  onFrame: () => void;
  /** Whether the original response ends after the frames that are queued. Those are then written without waiting for room. */
  readonly isEnding: boolean;
  /** Stops queueing frames, because the original response has ended. */
  detach(): void;
}

/** The kind of a frame: progress, another message that precedes the response, or the response. */
export type FrameKind = 'progress' | 'message' | 'response';

/** The frame that ends a call's log. */
export const endFrame = '.';

/** Options for {@link createCallLog}. */
export interface CallLogOptions {
  key: string;
  /** The name of the log in the backplane. `undefined` if responses cannot be resumed. */
  log: string | undefined;
  backplane: Backplane;
  /** The maximum size of the queued frames, in bytes. */
  buffer: number;
  onError: (cause: unknown) => void;
}
export function createCallLog({ key, log, backplane, buffer, onError }: CallLogOptions): CallLog {
  let waiting: CallFrame[] = [];
  let taken = 0;
  let bytes = 0;
  let position = 0;
  let latestProgress: string | undefined;
  let state: 'attached' | 'detached' | 'overflow' = 'attached';
  let isEnded = false;

  function append(frame: string, onLost?: (cause: unknown) => void): void {
    const added: CallFrame = onLost ? { position: ++position, frame, onLost } : { position: ++position, frame };
    if (log === undefined) {
      if (onLost) added.failure = notReplayedError();
    } else {
      const onFailure = (cause: unknown): void => {
        onError(cause);
        added.failure = cause;
        reportLost(added);
      };
      backplane.append(log, frame, String(position)).catch(onLost ? onFailure : onError);
    }
    if (state === 'attached') {
      waiting.push(added);
      bytes += frame.length;
    } else {
      reportLost(added);
    }
  }

  function reportLost({ failure, isTaken, onLost }: CallFrame): void {
    if (failure !== undefined && isTaken !== true && state !== 'attached') onLost?.(failure);
  }

  /** Drops the frames that the original response has not taken. */
  function dropWaiting(): void {
    const dropped = waiting.slice(taken);
    waiting = [];
    taken = 0;
    bytes = 0;
    dropped.forEach(reportLost);
  }

  function release(): void {
    if (latestProgress === undefined) return;
    append(latestProgress);
    latestProgress = undefined;
  }

  const self: CallLog = {
    key,
    onFrame: () => undefined,
    get isEnding() {
      return isEnded || state === 'overflow';
    },
    add(frame, kind, onLost) {
      if (isEnded) return;
      if (kind === 'progress' && bytes > buffer / 2) {
        latestProgress = frame;
        return;
      }
      release();
      append(frame, onLost);
      if (kind === 'message' && bytes > buffer) {
        // The response ends, and the client resumes it from the backplane. So no message is lost, and the queue stays
        // bounded.
        state = 'overflow';
        dropWaiting();
      }
      self.onFrame();
    },
    end() {
      if (isEnded) return;
      release();
      append(endFrame);
      isEnded = true;
      self.onFrame();
    },
    take() {
      if (state === 'overflow') return 'overflow';
      let next = waiting[taken];
      if (!next && latestProgress !== undefined) {
        release();
        next = waiting[taken];
      }
      if (!next) return undefined;
      bytes -= next.frame.length;
      next.isTaken = true;
      taken++;
      if (taken > 64 && taken * 2 > waiting.length) {
        waiting = waiting.slice(taken);
        taken = 0;
      }
      return next.frame === endFrame ? 'end' : next;
    },
    detach() {
      state = 'detached';
      dropWaiting();
    },
  };
  return self;
}

function notReplayedError(): ConnectionLostError {
  return new ConnectionLostError('response stream: ended, and cannot be resumed without replay');
}
