import { isObject } from '../../util/isObject';

/**
 * Returns the path of the first member in which two JSON values differ, for example `params.arguments.text`. Returns
 * `undefined` if they are equal.
 *
 * @param path - the path of the values.
 */
export function firstDifference(one: unknown, other: unknown, path: string): string | undefined {
  if (!isContainer(one) || !isContainer(other) || Array.isArray(one) !== Array.isArray(other))
    return one === other ? undefined : path;
  const members: Readonly<Record<string, unknown>> = { ...one };
  const others: Readonly<Record<string, unknown>> = { ...other };
  for (const name of new Set([...Object.keys(members), ...Object.keys(others)])) {
    const found = firstDifference(members[name], others[name], `${path}.${name}`);
    if (found !== undefined) return found;
  }
  return undefined;
}

function isContainer(value: unknown): value is object {
  return Array.isArray(value) || isObject(value);
}
