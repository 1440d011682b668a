import { ConfigError } from '../errors';
import { isObject } from '../util/isObject';
import { check, isArrayOf } from '../util/options';
import type { ListKind } from './list';

/** @throws `ConfigError` with the path of the first entry that is not a definition of this kind. */
export function assertDefinitions(kind: ListKind, items: readonly unknown[]): void {
  const { expected, isDefinition } = definitions[kind];
  isArrayOf(check(expected, (item) => isObject(item) && isObject(item['listing']) && isDefinition(item)))(items, kind);
}

type Item = Readonly<Record<string, unknown>>;

const definitions: Record<ListKind, { expected: string; isDefinition: (item: Item) => boolean }> = {
  tools: { expected: 'the result of tool()', isDefinition: (item) => 'run$' in item && 'timeout' in item },
  prompts: { expected: 'the result of prompt()', isDefinition: (item) => 'run$' in item && !('timeout' in item) },
  resources: { expected: 'the result of resource()', isDefinition: (item) => 'open$' in item },
};

/** @throws `ConfigError` if two entries have the same name or URI. */
export function assertUnique(kind: ListKind, items: readonly { listing: ListingKeys }[]): void {
  withoutDuplicates(items, (key) => {
    throw new ConfigError(`${kind}: expected unique names and URIs, got ${JSON.stringify(key)} twice`, { path: kind });
  });
}

/** Removes entries that have the same name or URI as an earlier entry. Calls `onDuplicate` for each of them. */
export function withoutDuplicates<T extends { listing: ListingKeys }>(
  items: readonly T[],
  onDuplicate: (key: string | undefined) => void,
): readonly T[] {
  const keys = new Set<string | undefined>();
  return items.filter(({ listing }) => {
    const key = listing.uri ?? listing.uriTemplate ?? listing.name;
    const isNew = !keys.has(key);
    if (!isNew) onDuplicate(key);
    keys.add(key);
    return isNew;
  });
}

/** The members that identify a tool, a prompt or a resource. */
export interface ListingKeys {
  name?: string;
  uri?: string;
  uriTemplate?: string;
}
