import { listDiff, type MCPSession } from 'rx-mcp';
import { concat, map, type Observable, of, share, switchMap, tap, timer, zip } from 'rxjs';
import { type MarkedTool, markTools } from '../model/markTools';
import { sampleArguments } from '../model/sampleArguments';
import type { Board } from './board';
import { byId } from './byId';
import { el } from './el';

/** How long a change is marked, in milliseconds. */
const markedMs = 2_500;

/** Shows the tools of the selected server, with marks on changes. */
export function toolList({ sessions, chosen$, draft$ }: Board): void {
  const list = byId('tools', HTMLElement);
  const count = byId('tools-count', HTMLElement);

  /** Scrolls to a row, unless the list has the focus. */
  function reveal(row: HTMLElement): void {
    if (!list.contains(document.activeElement)) list.scrollTop = row.offsetTop - list.clientHeight / 2;
  }

  /** Keeps the elements of unchanged tools, so that focus and scroll position are preserved. */
  function show(rows: Map<string, HTMLElement>, marked: readonly MarkedTool[]): void {
    const wanted = new Set(marked.map(({ tool }) => tool.name));
    for (const [name, row] of rows) {
      if (wanted.has(name)) continue;
      row.remove();
      rows.delete(name);
    }
    for (const { tool, mark } of marked) {
      let row = rows.get(tool.name);
      if (!row || mark === 'changed') {
        const fresh = toolRow(tool.name, tool.description ?? '', () =>
          draft$.next({ tool: tool.name, args: sampleArguments(tool.inputSchema) }),
        );
        if (row) row.replaceWith(fresh);
        else list.append(fresh);
        fresh.addEventListener('animationend', () => reveal(fresh));
        rows.set(tool.name, (row = fresh));
      }
      row.dataset['mark'] = mark ?? '';
    }
    const there = marked.filter(({ mark }) => mark !== 'removed').length;
    count.textContent = String(there);
  }

  chosen$
    .pipe(
      switchMap((name) => {
        const rows = new Map<string, HTMLElement>();
        return markedTools(sessions.get(name)!).pipe(
          tap({ subscribe: () => list.replaceChildren() }),
          map((marked) => ({ rows, marked })),
        );
      }),
    )
    .subscribe(({ rows, marked }) => show(rows, marked));
}

/** Emits the tools, with marks on the changes since the previous list. The first list has no marks. */
function markedTools(session: MCPSession): Observable<readonly MarkedTool[]> {
  const tools$ = session.tools$.pipe(share());
  return zip(tools$, tools$.pipe(listDiff())).pipe(
    switchMap(([tools, diff], index) => {
      const settled = tools.map((tool): MarkedTool => ({ tool, mark: undefined }));
      if (index === 0) return of(settled);
      return concat(of(markTools(tools, diff)), timer(markedMs).pipe(map(() => settled)));
    }),
  );
}

function toolRow(name: string, description: string, choose: () => void): HTMLElement {
  const button = el('button', { type: 'button', class: 'tool', title: description }, el('strong', {}, name));
  button.append(el('span', {}, description));
  button.addEventListener('click', () => {
    choose();
    byId('call-args', HTMLElement).focus();
  });
  return el('li', {}, button);
}
