import { map, pairwise, startWith, type OperatorFunction } from 'rxjs';

/** The difference between two consecutive lists. */
export interface ListDiff<T> {
  /** Items that are new. For the first list, all its items. */
  readonly added: readonly T[];
  /** Items that were removed, as they were in the previous list. */
  readonly removed: readonly T[];
  /** Items whose content changed, as they are in the new list. */
  readonly changed: readonly T[];
}

/** An item of a list of the protocol: a resource, a resource template, or a tool or prompt. */
type Item = { uri: string } | { uriTemplate: string } | { name: string };

/**
 * Emits the difference between each list and the previous one. The first list is compared with an empty list. A list
 * without changes leads to an empty difference.
 *
 * ```text
 * source      --[a]-------[a,b]-------[b']------------
 * listDiff()  --{+a}------{+b}--------{-a, ~b'}-------
 * ```
 *
 * Items are identified by their `uri` or `uriTemplate`, or else by their `name`. An item has changed if its JSON
 * differs.
 *
 * Hot if the source is hot; completes and errors with the source.
 *
 * @returns an operator that emits one difference per list.
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

/** Whether two items have the same JSON. Returns `false` if an item is nested too deeply to be serialized. */
function isSame(one: Item, other: Item): boolean {
  try {
    return JSON.stringify(one) === JSON.stringify(other);
  } catch {
    return false;
  }
}

/** Indexes items by key. Of several items with the same key, the last one is used. */
function byKey<T extends Item>(items: readonly T[]): Map<string, T> {
  return new Map(items.map((item) => [keyOf(item), item]));
}

function keyOf(item: Item): string {
  if ('uri' in item) return item.uri;
  return 'uriTemplate' in item ? item.uriTemplate : item.name;
}
