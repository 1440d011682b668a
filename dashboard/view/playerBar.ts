import { combineLatest, EMPTY, fromEvent, map, switchMap } from 'rxjs';
import { elapsed } from '../model/elapsed';
import { recordedLane } from '../model/recordedLane';
import type { Board } from './board';
import { byId } from './byId';
import { createTrack } from './track';

const bars = 120;

/** Shows the player of a recording: a timeline with a slider, a play button and the speed. */
export function playerBar({ player$ }: Board): void {
  const toggle = byId('player-toggle', HTMLButtonElement);
  const speed = byId('player-speed', HTMLSelectElement);
  const position = byId('player-position', HTMLInputElement);
  const time = byId('player-time', HTMLElement);

  fromEvent(toggle, 'click').subscribe(() => player$.value?.toggle());
  fromEvent(speed, 'change').subscribe(() => player$.value?.setSpeed(Number(speed.value)));
  fromEvent(position, 'input').subscribe(() => player$.value?.seek(Number(position.value)));

  player$.subscribe((player) => {
    if (!player) return;
    const { duration, server } = player.recording;
    const { element, show } = createTrack(server, 'in the recording', elapsed);
    show(recordedLane(player.recording, bars));
    byId('player-track', HTMLElement).replaceChildren(element);
    position.max = String(duration);
    // Arrow keys move the position by 1/200 of the duration.
    position.step = String(Math.max(1, Math.floor(duration / 200)));
    player.setSpeed(Number(speed.value));
  });
  player$
    .pipe(
      switchMap((player) =>
        player
          ? combineLatest([player.position$, player.playing$]).pipe(map((now) => [player.recording, ...now] as const))
          : EMPTY,
      ),
    )
    .subscribe(([{ duration }, at, isPlaying]) => {
      position.value = String(at);
      position.setAttribute('aria-valuetext', `${elapsed(at)} of ${elapsed(duration)}`);
      position.parentElement?.style.setProperty('--played', `${(at / duration) * 100}%`);
      time.textContent = `${elapsed(at)} / ${elapsed(duration)}`;
      toggle.textContent = isPlaying ? 'Pause' : 'Play';
    });
}
