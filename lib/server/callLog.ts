import type { Backplane } from './backplane';

/** A frame of a call's log. */
interface CallFrame {
  readonly position: number;
  readonly frame: string;
}

/**
 * The messages of one call, in order. They are kept for the original response of the call, and written to the backplane for a
 * response that resumes it. Bounded: while the client lags, only the latest progress is kept.
 */
export interface CallLog {
  readonly key: string;
  /** Adds a message. Progress may be replaced by later progress. */
  add(frame: string, kind: FrameKind): void;
  /** Ends the log. Later messages are dropped. */
  end(): void;
  /** Removes and returns the next frame for the original response. Returns `'end'` after the last one. */
  take(): CallFrame | 'end' | 'overflow' | undefined;
  /** Called when there is a frame to take. */
  onFrame: () => void;
  /** Stops keeping frames for the original response, which has ended. */
  detach(): void;
}

/** The kind of a frame: progress, a different message, or the response. */
export type FrameKind = 'progress' | 'message' | 'response';

/** The frame that ends a call's log. */
export const endFrame = '.';

/** Options for {@link createCallLog}. */
export interface CallLogOptions {
  key: string;
  /** The name of the log. `undefined` without replay. */
  log: string | undefined;
  backplane: Backplane;
  /** The maximum size of the frames that wait for the client, in bytes. */
  buffer: number;
  onError: (cause: unknown) => void;
}

/** Creates the log of one call. */
export function createCallLog({ key, log, backplane, buffer, onError }: CallLogOptions): CallLog {
  let waiting: CallFrame[] = [];
  let taken = 0;
  let bytes = 0;
  let position = 0;
  let held: string | undefined;
  let state: 'attached' | 'detached' | 'overflow' = 'attached';
  let isEnded = false;

  function append(frame: string): void {
    position++;
    if (log !== undefined) void backplane.append(log, frame, String(position)).catch(onError);
    if (state !== 'attached') return;
    waiting.push({ position, frame });
    bytes += frame.length;
  }

  function release(): void {
    if (held === undefined) return;
    append(held);
    held = undefined;
  }

  const self: CallLog = {
    key,
    onFrame: () => undefined,
    add(frame, kind) {
      if (isEnded) return;
      if (kind === 'progress' && bytes > buffer / 2) {
        held = frame;
        return;
      }
      release();
      append(frame);
      if (kind === 'message' && bytes > buffer) {
        // The client resumes from the log of the backplane, so messages are neither lost nor queued here without limit.
        state = 'overflow';
        waiting = [];
        bytes = 0;
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
      if (!next && held !== undefined) {
        release();
        next = waiting[taken];
      }
      if (!next) return undefined;
      bytes -= next.frame.length;
      taken++;
      if (taken > 64 && taken * 2 > waiting.length) {
        waiting = waiting.slice(taken);
        taken = 0;
      }
      return next.frame === endFrame ? 'end' : next;
    },
    detach() {
      state = 'detached';
      waiting = [];
      bytes = 0;
    },
  };
  return self;
}
