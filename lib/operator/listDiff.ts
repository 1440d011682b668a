import { map, pairwise, startWith, type OperatorFunction } from 'rxjs';

/** The difference between two successive lists. */
export interface ListDiff<T> {
  /** New items. For the first list, all of them. */
  readonly added: readonly T[];
  /** Removed items, in their last version. */
  readonly removed: readonly T[];
  /** Items whose content changed, in their new version. */
  readonly changed: readonly T[];
}

/** An item of one of the protocol's lists, with its identifying member. */
type Item = { uri: string } | { uriTemplate: string } | { name: string };

/**
 * Emits the difference between each list and the previous one. Items are identified by `uri` or `uriTemplate`, otherwise by
 * `name`.
 *
 * ```text
 * source      --[a]-------[a,b]-------[b']------------
 * listDiff()  --{+a}------{+b}--------{-a, ~b'}-------
 * ```
 *
 * The first list is compared with an empty one. An unchanged list gives an empty difference. Hot if the source is hot; completes
 * and errors with the source.
 *
 * @example
 * session.tools$.pipe(listDiff()).subscribe(({ added }) => console.log('new tools', added));
 */
export function listDiff<T extends Item>(): OperatorFunction<readonly T[], ListDiff<T>> {
  return (lists$) =>
    lists$.pipe(
      startWith([]),
      pairwise(),
      map(([before, now]) => diff(before, now)),
    );
}

function diff<T extends Item>(before: readonly T[], now: readonly T[]): ListDiff<T> {
  const old = byKey(before);
  const current = byKey(now);
  const added: T[] = [];
  const changed: T[] = [];
  for (const [key, item] of current) {
    const known = old.get(key);
    old.delete(key);
    if (known === undefined) added.push(item);
    else if (!isSame(known, item)) changed.push(item);
  }
  return { added, removed: [...old.values()], changed };
}

/** Whether two items have the same JSON. Returns `false` for an item that is nested too deeply to serialize. */
function isSame(one: Item, other: Item): boolean {
  try {
    return JSON.stringify(one) === JSON.stringify(other);
  } catch {
    return false;
  }
}

/** Indexes items by key. If there are duplicates, the last one wins. */
function byKey<T extends Item>(items: readonly T[]): Map<string, T> {
  return new Map(items.map((item) => [keyOf(item), item]));
}

function keyOf(item: Item): string {
  if ('uri' in item) return item.uri;
  return 'uriTemplate' in item ? item.uriTemplate : item.name;
}
