import { filter, fromEvent } from 'rxjs';
import type { Board } from './board';
import { byId } from './byId';
import { el } from './el';

interface Shortcut {
  readonly key: string;
  readonly what: string;
  run(): void;
}

/** Keyboard shortcuts outside of text fields, and the dialog that lists them. */
export function shortcuts({ sessions, chosen$ }: Board): void {
  const help = byId('help', HTMLDialogElement);
  /** Presses a button, unless it is hidden. */
  const press = (selector: string) => () => {
    const button = document.querySelector<HTMLButtonElement>(selector);
    if (button?.checkVisibility()) button.click();
  };
  const next = (): void => {
    const names = [...sessions.keys()];
    chosen$.next(names[(names.indexOf(chosen$.value) + 1) % names.length]!);
  };
  const all: Shortcut[] = [
    { key: '/', what: 'filter the notifications or the traffic', run: () => byId('feed-filter', HTMLElement).focus() },
    { key: 'p', what: 'pause or resume the notifications', run: press('#feed-pause') },
    { key: 'c', what: 'clear the notifications', run: press('#feed-clear') },
    { key: 'r', what: 'show the raw traffic, or the notifications', run: press('.tabs [aria-pressed=false]') },
    { key: 'n', what: 'go to the notifications', run: () => byId('feed-list', HTMLElement).focus() },
    { key: 's', what: 'select the next server', run: next },
    { key: 'l', what: 'call the long task', run: press('[data-preset=long]') },
    { key: 'b', what: 'request 1,000 ticks', run: press('[data-preset=burst]') },
    { key: 't', what: 'add or remove a tool', run: press('[data-preset=toggle]') },
    { key: 'o', what: 'open a recording', run: press('#recording-open') },
    { key: 'k', what: 'play or pause the recording', run: press('#player-toggle') },
    { key: '?', what: 'show the shortcuts', run: () => help.showModal() },
  ];

  byId('shortcuts', HTMLElement).append(
    ...all.flatMap(({ key, what }) => [el('dt', {}, el('kbd', {}, key)), el('dd', {}, what)]),
  );
  fromEvent(byId('help-open', HTMLElement), 'click').subscribe(() => help.showModal());
  fromEvent<KeyboardEvent>(document, 'keydown')
    .pipe(filter(({ target, ctrlKey, metaKey, altKey }) => !ctrlKey && !metaKey && !altKey && !isTyping(target)))
    .subscribe((event) => {
      const shortcut = help.open ? undefined : all.find(({ key }) => key === event.key);
      if (!shortcut) return;
      event.preventDefault();
      shortcut.run();
    });
  // Enter and Escape leave the filter for the list; Escape also clears it.
  const filterInput = byId('feed-filter', HTMLInputElement);
  fromEvent<KeyboardEvent>(filterInput, 'keydown')
    .pipe(filter(({ key }) => key === 'Enter' || key === 'Escape'))
    .subscribe((event) => {
      event.preventDefault();
      if (event.key === 'Escape' && filterInput.value !== '') {
        filterInput.value = '';
        filterInput.dispatchEvent(new Event('input'));
      }
      byId('feed-list', HTMLElement).focus();
    });
}

const isTyping = (target: EventTarget | null): boolean =>
  target instanceof HTMLInputElement ? !['radio', 'range'].includes(target.type) : target instanceof HTMLSelectElement;
