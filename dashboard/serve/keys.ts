import { emitKeypressEvents } from 'node:readline';
import { fromEvent, map, NEVER, type Observable } from 'rxjs';

/** Emits the keys that are pressed in the terminal, if there is one. Typed characters are not echoed. */
export function keys(input: NodeJS.ReadStream): Observable<string> {
  if (!input.isTTY) return NEVER;
  emitKeypressEvents(input);
  input.setRawMode(true);
  return fromEvent(input, 'keypress', (_text: unknown, key: { name?: string; ctrl?: boolean }) => key).pipe(
    map(({ name = '', ctrl = false }) => (ctrl ? `ctrl-${name}` : name)),
  );
}
