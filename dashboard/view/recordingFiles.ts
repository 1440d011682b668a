import { animationFrames, filter, from, fromEvent, map, merge, mergeMap, type Observable, tap } from 'rxjs';
import { openRecording } from '../model/openedRecording';
import { createPlayer } from '../model/player';
import type { Board } from './board';
import { byId } from './byId';

/** The maximum size of a recording in bytes. */
const maxRecordingBytes = 64 * 2 ** 20;

/** Opens recordings that the user chooses or drops on the page, and closes them. */
export function recordingFiles({ player$ }: Board): void {
  const input = byId('recording-file', HTMLInputElement);
  const open = byId('recording-open', HTMLButtonElement);
  const problem = byId('recording-error', HTMLElement);

  function report(message: string): void {
    problem.textContent = message;
    problem.hidden = message === '';
  }
  async function read(file: File): Promise<void> {
    try {
      if (file.size > maxRecordingBytes) throw new Error(`larger than ${maxRecordingBytes / 2 ** 20} MiB`);
      const recording = openRecording(file.name, await file.text());
      player$.value?.pause();
      player$.next(createPlayer(recording, animationFrames().pipe(map(({ timestamp }) => timestamp))));
      report('');
    } catch (error) {
      report(`opening ${file.name}: ${error instanceof Error ? error.message : String(error)}`);
    }
  }

  fromEvent(open, 'click').subscribe(() => input.click());
  const chosen$ = fromEvent(input, 'change').pipe(
    map(() => input.files?.[0]),
    // Allows choosing the same file again after it has changed.
    tap(() => queueMicrotask(() => (input.value = ''))),
  );
  merge(chosen$, dropped())
    .pipe(
      filter((file) => file !== undefined),
      mergeMap((file) => from(read(file))),
    )
    .subscribe();

  fromEvent(byId('recording-close', HTMLElement), 'click').subscribe(() => {
    player$.value?.pause();
    player$.next(undefined);
    open.focus();
  });
  player$.subscribe((player) => {
    document.body.dataset['mode'] = player ? 'recording' : 'live';
    if (player) byId('player-toggle', HTMLElement).focus();
  });
}

/** Emits files that are dropped on the page. Prevents the browser from opening them. */
function dropped(): Observable<File | undefined> {
  return merge(fromEvent<DragEvent>(document, 'dragover'), fromEvent<DragEvent>(document, 'drop')).pipe(
    filter(({ dataTransfer }) => dataTransfer?.types.includes('Files') === true),
    tap((event) => event.preventDefault()),
    filter(({ type }) => type === 'drop'),
    map(({ dataTransfer }) => dataTransfer?.files[0]),
  );
}
