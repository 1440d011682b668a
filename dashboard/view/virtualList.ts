import { animationFrameScheduler, auditTime, fromEvent, map, merge, Observable, share, startWith } from 'rxjs';
import { el } from './el';

/** A scrolling list that keeps only the visible rows in the page. */
export interface VirtualList {
  /** Whether the end is in view, where new rows are added. */
  readonly isAtEnd: boolean;
  /** Emits {@link isAtEnd} on subscription and on each scroll. */
  readonly atEnd$: Observable<boolean>;
  /**
   * Sets the number of rows. `dropped` is the number of rows that were removed at the top, so that the others keep their position.
   */
  show(size: number, dropped: number): void;
  /** Scrolls a row into view. */
  reveal(index: number): void;
  toEnd(): void;
  /** The number of rows that fit into view. */
  readonly page: number;
}

/** Creates reusable rows, and fills them. */
export interface RowRenderer {
  create(): HTMLElement;
  fill(row: HTMLElement, index: number): void;
}

/** The number of additional rows on either side of the view. */
const spare = 8;

/** Turns a scrolling element into a list. All rows are `rowHeight()` pixels high, which may change when the page is resized. */
export function virtualList(
  scroller: HTMLElement,
  rowHeight: () => number,
  { create, fill }: RowRenderer,
): VirtualList {
  const sizer = el('div', { class: 'sizer', role: 'presentation' });
  scroller.append(sizer);
  const rows: HTMLElement[] = [];
  let size = 0;
  let dropped = 0;
  let isAtEnd = true;
  let height = scroller.clientHeight;

  const page = () => Math.max(1, Math.floor(scroller.clientHeight / rowHeight()));
  const endOf = () => size * rowHeight() - scroller.clientHeight;
  const isNearEnd = () => scroller.scrollTop >= endOf() - rowHeight() / 2;

  function render(): void {
    const first = Math.max(0, Math.floor(scroller.scrollTop / rowHeight()) - spare);
    const last = Math.min(size, first + page() + 2 * spare + 1);
    while (rows.length < last - first) {
      const row = create();
      rows.push(row);
      sizer.append(row);
    }
    for (const [offset, row] of rows.entries()) {
      const index = first + offset;
      row.hidden = index >= last;
      if (row.hidden) continue;
      row.style.transform = `translateY(${index * rowHeight()}px)`;
      fill(row, index);
    }
  }

  const resized$ = new Observable<void>((subscriber) => {
    const observer = new ResizeObserver(() => subscriber.next());
    observer.observe(scroller);
    return () => observer.disconnect();
  });
  const scrolled$ = fromEvent(scroller, 'scroll').pipe(
    map(() => {
      // A list that was resized scrolls without the user; `fitted$` follows.
      if (scroller.clientHeight === height) isAtEnd = isNearEnd();
    }),
    share(),
  );
  const fitted$ = resized$.pipe(
    auditTime(0, animationFrameScheduler),
    map(() => {
      height = scroller.clientHeight;
      sizer.style.height = `${size * rowHeight()}px`;
      if (isAtEnd) scroller.scrollTop = Math.max(0, endOf());
    }),
  );
  merge(scrolled$, fitted$).subscribe(render);

  return {
    get isAtEnd() {
      return isAtEnd;
    },
    atEnd$: scrolled$.pipe(
      startWith(undefined),
      map(() => isAtEnd),
    ),
    show: (nextSize, nextDropped) => {
      const shift = nextDropped - dropped;
      size = nextSize;
      dropped = nextDropped;
      sizer.style.height = `${size * rowHeight()}px`;
      if (isAtEnd) scroller.scrollTop = Math.max(0, endOf());
      else if (shift > 0) scroller.scrollTop -= shift * rowHeight();
      render();
    },
    reveal: (index) => {
      const top = index * rowHeight();
      if (top < scroller.scrollTop) scroller.scrollTop = top;
      else if (top + rowHeight() > scroller.scrollTop + scroller.clientHeight)
        scroller.scrollTop = top + rowHeight() - scroller.clientHeight;
      isAtEnd = isNearEnd();
      render();
    },
    toEnd: () => {
      isAtEnd = true;
      scroller.scrollTop = Math.max(0, endOf());
      render();
    },
    get page() {
      return page();
    },
  };
}
