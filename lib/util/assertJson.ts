import { ConfigError } from '../errors';

/**
 * Checks that JSON can represent a value. Rejects functions, symbols, BigInts, non-finite numbers, cycles, and objects
 * that would be serialized as `{}`, such as a `Map` or a `Promise`. As in `JSON.stringify`, `undefined` members are
 * ignored, and an object with a `toJSON` method is replaced by its result.
 *
 * @throws {@link ConfigError} with the path of the first member that JSON cannot represent.
 */
export function assertJson(value: unknown, path: string): void {
  try {
    visit(value, [path], new Set());
  } catch (cause) {
    if (cause instanceof ConfigError) throw cause;
    // A getter or a `toJSON` method threw, or the value is nested too deeply. The original message is omitted, because
    // it may quote the value.
    throw new ConfigError(`${path}: expected a JSON value, got one that cannot be read`, { path, cause });
  }
}

function visit(value: unknown, path: readonly string[], ancestors: Set<object>): void {
  const invalid = (got: string): ConfigError => {
    const at = path.join('.');
    return new ConfigError(`${at}: expected a JSON value, got ${got}`, { path: at });
  };
  if (typeof value === 'function' || typeof value === 'symbol') throw invalid(`a ${typeof value}`);
  if (typeof value === 'number' && !Number.isFinite(value)) throw invalid(String(value));
  if (typeof value === 'bigint' && !('toJSON' in Object(value))) throw invalid('a BigInt');
  if (typeof value !== 'object' || value === null) return;
  if (ancestors.has(value)) throw invalid('a cycle');
  ancestors.add(value);
  if (hasToJson(value)) {
    visit(value.toJSON(path.at(-1)), path, ancestors);
  } else {
    const members = Object.entries(value);
    if (members.length === 0 && !emptyKinds.has(kindOf(value))) throw invalid(kindOf(value));
    for (const [key, member] of members) visit(member, [...path, key], ancestors);
  }
  ancestors.delete(value);
}

/** The kinds of objects that may have no members: plain objects, arrays and boxed primitives. */
const emptyKinds = new Set(['Object', 'Array', 'Number', 'Boolean', 'String']);

/** Returns the kind of an object. Unlike `instanceof`, works for objects from another realm. */
function kindOf(value: object): string {
  return Object.prototype.toString.call(value).slice('[object '.length, -1);
}

function hasToJson(value: object): value is { toJSON(key?: string): unknown } {
  return 'toJSON' in value && typeof value.toJSON === 'function';
}
