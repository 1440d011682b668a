import { emitKeypressEvents } from 'node:readline';
import { fromEvent, map, NEVER, type Observable } from 'rxjs';

/** The keys that are pressed in the terminal, where there is one. Nothing of what is typed is shown meanwhile. */
export function keys(input: NodeJS.ReadStream): Observable<string> {
  if (!input.isTTY) return NEVER;
  emitKeypressEvents(input);
  input.setRawMode(true);
  return fromEvent(input, 'keypress', (_text: unknown, key: { name?: string; ctrl?: boolean }) => key).pipe(
    map(({ name = '', ctrl = false }) => (ctrl ? `ctrl-${name}` : name)),
  );
}
