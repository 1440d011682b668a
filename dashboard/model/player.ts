import {
  BehaviorSubject,
  combineLatest,
  distinctUntilChanged,
  EMPTY,
  map,
  type Observable,
  pairwise,
  switchMap,
} from 'rxjs';
import type { OpenedRecording, RecordedStep } from './openedRecording';
import { type Replayed, replayTo } from './replayTo';

/** Plays a recording. Its streams emit the state at the current position. */
export interface Player {
  readonly recording: OpenedRecording;
  /** The current position in milliseconds from the beginning, then each change. */
  readonly position$: Observable<number>;
  /** Whether the recording is playing: the current value, then each change. */
  readonly playing$: Observable<boolean>;
  /** Emits the steps to replay for each change of the position. Cold: starts with all steps up to the current position. */
  readonly replayed$: Observable<Replayed<RecordedStep>>;
  /** Moves to a time within the recording. */
  seek(to: number): void;
  /** Plays or pauses. Playing at the end restarts from the beginning. */
  toggle(): void;
  pause(): void;
  /** Sets the playback speed. 1 is the recorded speed. */
  setSpeed(speed: number): void;
}

/** The maximum time to advance per frame in milliseconds. Frames are far apart after the page was hidden, for example. */
const maxFrameMs = 250;

/**
 * Creates a {@link Player}, paused at the end of the recording.
 *
 * @param frames$ - emits timestamps in milliseconds, for example those of animation frames.
 */
export function createPlayer(recording: OpenedRecording, frames$: Observable<number>): Player {
  const { duration, steps } = recording;
  const position$ = new BehaviorSubject(duration);
  const playing$ = new BehaviorSubject(false);
  const speed$ = new BehaviorSubject(1);
  const passed$ = combineLatest([playing$.pipe(distinctUntilChanged()), speed$]).pipe(
    switchMap(([isPlaying, speed]) =>
      isPlaying
        ? frames$.pipe(
            pairwise(),
            map(([before, now]) => Math.min(now - before, maxFrameMs) * speed),
          )
        : EMPTY,
    ),
  );

  function seek(to: number): void {
    position$.next(Math.max(0, Math.min(duration, to)));
  }
  passed$.subscribe((ms) => {
    seek(position$.value + ms);
    if (position$.value === duration) playing$.next(false);
  });

  return {
    recording,
    position$: position$.asObservable(),
    playing$: playing$.asObservable(),
    replayed$: position$.pipe(distinctUntilChanged(), replayTo(steps)),
    seek,
    toggle: () => {
      if (!playing$.value && position$.value === duration) seek(0);
      playing$.next(!playing$.value);
    },
    pause: () => playing$.next(false),
    setSpeed: (speed) => speed$.next(speed),
  };
}
