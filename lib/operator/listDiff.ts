import { map, pairwise, startWith, type OperatorFunction } from 'rxjs';

/** What has become of a list. */
export interface ListDiff<T> {
  /** What was not there before. All of it, the first time. */
  readonly added: readonly T[];
  /** What is not there any more, as it last was. */
  readonly removed: readonly T[];
  /** What is there under the same name, but differs, as it is now. */
  readonly changed: readonly T[];
}

/** What an item of one of the protocol's lists is known by. */
type Item = { uri: string } | { uriTemplate: string } | { name: string };

/**
 * What changed from one list to the next, by URI where items have one, and by name otherwise.
 *
 * ```text
 * source      --[a]-------[a,b]-------[b']------------
 * listDiff()  --{+a}------{+b}--------{-a, ~b'}-------
 * ```
 *
 * As hot as its source; completes and errors with it. A list in which nothing changed is a diff with nothing in it.
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

/** Whether two items are written the same. Of one that is nested too deep to be written nobody can tell. */
function isSame(one: Item, other: Item): boolean {
  try {
    return JSON.stringify(one) === JSON.stringify(other);
  } catch {
    return false;
  }
}

/** Of several with the same key, the last. */
function byKey<T extends Item>(items: readonly T[]): Map<string, T> {
  return new Map(items.map((item) => [keyOf(item), item]));
}

function keyOf(item: Item): string {
  if ('uri' in item) return item.uri;
  return 'uriTemplate' in item ? item.uriTemplate : item.name;
}
