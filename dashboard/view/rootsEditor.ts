import { InvalidRootsError, ofMethod, type Root } from 'rx-mcp';
import { fromEvent, switchMap } from 'rxjs';
import type { Board } from './board';
import { byId } from './byId';
import { clock } from './clock';
import { type RootRow, rootRow } from './rootRow';

/** The roots of the chosen server's session, edited in place. What is not good is refused by the session, and told beside. */
export function rootsEditor({ sessions, chosen$ }: Board): void {
  const list = byId('roots', HTMLElement);
  const state = byId('roots-state', HTMLElement);
  let rows: RootRow[] = [];

  const draft = (): Root[] => rows.map(({ value }) => value());

  /** The session says what is wrong, and with which of them. */
  async function apply(): Promise<void> {
    for (const row of rows) row.tell({});
    try {
      state.textContent = 'telling the server';
      await sessions.get(chosen$.value)!.setRoots(draft());
      state.textContent = 'told';
    } catch (error) {
      state.textContent = error instanceof InvalidRootsError ? 'not told: the last good ones stay' : String(error);
      if (!(error instanceof InvalidRootsError)) return;
      for (const { message, path = [] } of error.issues) {
        const [index, field] = path;
        rows[Number(index)]?.tell({ [field === 'name' ? 'name' : 'uri']: message });
      }
    }
  }

  function add(root: Root): RootRow {
    const row = rootRow(root, {
      changed: () => void apply(),
      removed: () => {
        const index = rows.indexOf(row);
        rows = rows.filter((each) => each !== row);
        row.element.remove();
        (rows[Math.min(index, rows.length - 1)]?.focus ?? (() => byId('roots-add', HTMLElement).focus()))();
        void apply();
      },
    });
    rows.push(row);
    list.append(row.element);
    return row;
  }

  chosen$.subscribe((name) => {
    for (const { element } of rows) element.remove();
    rows = [];
    state.textContent = '';
    for (const root of sessions.get(name)!.getRoots()) add(root);
  });
  fromEvent(byId('roots-add', HTMLElement), 'click').subscribe(() => add({ uri: 'file:///' }).focus());

  // The example server requests the roots after a change, and logs them.
  chosen$
    .pipe(switchMap((name) => sessions.get(name)!.notifications$.pipe(ofMethod('custom/roots-read'))))
    .subscribe(({ params }) => {
      const read: unknown = params?.['roots'];
      state.textContent = `the server read ${Array.isArray(read) ? read.length : 0} at ${clock(Date.now()).slice(0, 8)}`;
    });
}
