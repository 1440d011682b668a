import { Subject } from 'rxjs';
import { createPlayer } from '../model/player';
import { recordingOf } from './recordingOf';

const recording = recordingOf(
  { t: 0, c: 1, event: 'open' },
  { t: 400, c: 1, dir: 'in', message: { method: 'custom/tick' } },
  { t: 1_000, c: 1, event: 'closed' },
);

/** Creates a player whose frames the test controls, and records what it emits. */
function start() {
  const frames$ = new Subject<number>();
  const player = createPlayer(recording, frames$);
  const seen = { position: 0, isPlaying: false, times: [] as number[] };
  player.position$.subscribe((position) => (seen.position = position));
  player.playing$.subscribe((isPlaying) => (seen.isPlaying = isPlaying));
  player.replayed$.subscribe(({ rewound, steps }) => {
    seen.times = [...(rewound ? [] : seen.times), ...steps.map(({ t }) => t)];
  });
  const frames = (...times: number[]): void => times.forEach((time) => frames$.next(time));
  return { player, seen, frames, frames$ };
}

describe('the player', () => {
  it('starts paused at the end, with all steps replayed', () => {
    const { seen, frames$ } = start();

    expect(seen).toEqual({ position: 1_000, isPlaying: false, times: [0, 400, 1_000] });
    expect(frames$.observed).toBe(false);
  });

  it('plays from the beginning when it is at the end, advances with the frames, and stops at the end', () => {
    const { player, seen, frames, frames$ } = start();
    player.toggle();
    frames(5_000, 5_200, 5_399);
    expect(seen).toEqual({ position: 399, isPlaying: true, times: [0] });

    frames(5_400);
    expect(seen.times).toEqual([0, 400]);
    frames(5_600, 5_800, 6_000);
    expect(seen).toEqual({ position: 1_000, isPlaying: false, times: [0, 400, 1_000] });
    expect(frames$.observed).toBe(false);
  });

  it('plays at a higher speed, and does not jump after missing frames', () => {
    const { player, seen, frames } = start();
    player.setSpeed(2);
    player.toggle();
    frames(0, 100);
    expect(seen.position).toBe(200);

    frames(60_000);
    expect(seen.position).toBe(700);
  });

  it('continues from a new position, and rebuilds the state at that position', () => {
    const { player, seen, frames } = start();
    player.seek(500);
    expect(seen).toEqual({ position: 500, isPlaying: false, times: [0, 400] });
    player.seek(100);
    expect(seen.times).toEqual([0]);

    player.toggle();
    frames(0, 50);
    expect(seen.position).toBe(150);
    player.pause();
    frames(100);
    expect(seen).toEqual({ position: 150, isPlaying: false, times: [0] });
  });

  it('limits the position to the recording', () => {
    const { player, seen } = start();
    player.seek(-5);
    expect(seen.position).toBe(0);
    player.seek(9_999);
    expect(seen.position).toBe(1_000);
  });
});
