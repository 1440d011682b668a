import { InvalidRootsError, ofMethod, type Root } from 'rx-mcp';
import { fromEvent, switchMap } from 'rxjs';
import type { Board } from './board';
import { byId } from './byId';
import { clock } from './clock';
import { type RootRow, rootRow } from './rootRow';

/**
 * Edits the roots of the selected server's session. The session rejects invalid roots, and the reason is shown next to the field.
 */
export function rootsEditor({ sessions, chosen$ }: Board): void {
  const list = byId('roots', HTMLElement);
  const state = byId('roots-state', HTMLElement);
  let rows: RootRow[] = [];

  const draft = (): Root[] => rows.map(({ value }) => value());

  /** Sends the roots. An error of the session identifies each invalid field. */
  async function apply(): Promise<void> {
    for (const row of rows) row.report({});
    try {
      state.textContent = 'sending';
      await sessions.get(chosen$.value)!.setRoots(draft());
      state.textContent = 'sent';
    } catch (error) {
      state.textContent =
        error instanceof InvalidRootsError ? 'invalid: the previous roots stay in effect' : String(error);
      if (!(error instanceof InvalidRootsError)) return;
      for (const { message, path = [] } of error.issues) {
        const [index, field] = path;
        rows[Number(index)]?.report({ [field === 'name' ? 'name' : 'uri']: message });
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

  // The example server reads the roots when they change, and reports them.
  chosen$
    .pipe(switchMap((name) => sessions.get(name)!.notifications$.pipe(ofMethod('custom/roots-read'))))
    .subscribe(({ params }) => {
      const read: unknown = params?.['roots'];
      state.textContent = `the server read ${Array.isArray(read) ? read.length : 0} at ${clock(Date.now()).slice(0, 8)}`;
    });
}
