import { assertObject, type Check } from './checks';

/**
 * Checks those of the options that are given.
 *
 * @param path - where the options stand, if not by themselves.
 * @throws `ConfigError` with the path of the first that is not what it has to be.
 */
export function assertOptions(options: unknown, members: Readonly<Record<string, Check>>, path = ''): void {
  assertObject(options, path || 'options');
  for (const name in members) {
    const value: unknown = Reflect.get(options, name);
    if (value !== undefined) members[name]?.(value, path ? `${path}.${name}` : name);
  }
}
