import { ConfigError } from '../errors';
import { isObject } from './isObject';
import { didYouMean } from './nearestName';

/** Checks one value from outside. Throws a {@link ConfigError} that names its path and what was expected. */
export type Validator = (value: unknown, path: string) => void;

/** The validator of each option, by name. */
export type Validators = Readonly<Record<string, Validator>>;

/**
 * Checks an options object: every name is known, and every value that is not `undefined` is valid.
 *
 * @param path - the path of the options object, for error messages. Default: the options are the root.
 * @throws {@link ConfigError} with the path of the first problem. An unknown name comes with the nearest known one.
 */
export function assertOptions(options: unknown, validators: Validators, path = ''): void {
  assertObject(options, path || 'options');
  for (const name of Object.keys(options)) {
    if (Object.hasOwn(validators, name) || Reflect.get(options, name) === undefined) continue;
    const at = path ? `${path}.${name}` : name;
    const expected = `expected one of ${Object.keys(validators).join(', ')}`;
    throw new ConfigError(`${at}: unknown option${didYouMean(name, Object.keys(validators)) || `; ${expected}`}`, {
      path: at,
    });
  }
  assertMembers(options, validators, path);
}

/**
 * Checks the members that have a validator and are not `undefined`. Other members are ignored.
 *
 * @throws {@link ConfigError} with the path of the first invalid member.
 */
export function assertMembers(value: unknown, validators: Validators, path = ''): void {
  assertObject(value, path || 'options');
  for (const name in validators) {
    const member: unknown = Reflect.get(value, name);
    if (member !== undefined) validators[name]?.(member, path ? `${path}.${name}` : name);
  }
}

/**
 * Returns a validator for values that pass `isValid`.
 *
 * @param expected - describes a valid value. The error shows of an invalid value only its type, or a number: anything else
 * may be a secret.
 */
export function check(expected: string, isValid: (value: unknown) => boolean): Validator {
  return (value, path) => {
    if (isValid(value)) return;
    const got = typeof value === 'number' ? String(value) : value === null ? 'null' : typeof value;
    throw new ConfigError(`${path}: expected ${expected}, got ${got}`, { path });
  };
}

/** Accepts any value. */
export const isAnything: Validator = () => undefined;

/** A number that is not below `min`. */
export function isAtLeast(min: number): Validator {
  return check(`a number >= ${String(min)}`, (value) => typeof value === 'number' && value >= min);
}

/** A positive number of milliseconds, or one of the words that disable it. */
export function isDuration(...others: (string | false)[]): Validator {
  return check(
    ['a number > 0', ...others].join(' or '),
    (value) => (typeof value === 'number' && value > 0) || others.some((other) => other === value),
  );
}

/** One of these words. */
export function isOneOf(...words: string[]): Validator {
  return check(words.join(' or '), (value) => words.some((word) => word === value));
}

/** A string. */
export const isString: Validator = (value, path) => {
  check('a string', (text) => typeof text === 'string')(value, path);
};

/** `true` or `false`. */
export const isBoolean: Validator = (value, path) => {
  check('true or false', (flag) => typeof flag === 'boolean')(value, path);
};

/** An array whose items pass `item`. The path of an item ends in its index. */
export function isArrayOf(item: Validator): Validator {
  return (value, path) => {
    check('an array', Array.isArray)(value, path);
    if (Array.isArray(value)) value.forEach((element: unknown, index) => item(element, `${path}.${String(index)}`));
  };
}

/** An object whose values pass `member`. The path of a value ends in its key. */
export function isRecordOf(member: Validator): Validator {
  return (value, path) => {
    assertObject(value, path);
    for (const [name, element] of Object.entries(value)) member(element, `${path}.${name}`);
  };
}

/**
 * An object that has these methods.
 *
 * @param expected - describes the object, for error messages.
 */
export function hasMethods(expected: string, ...methods: string[]): Validator {
  return check(expected, (value) => isObject(value) && methods.every((name) => isCallable(Reflect.get(value, name))));
}

/** A function. */
export const isFunction: Validator = (value, path) => {
  check('a function', isCallable)(value, path);
};

/** An object that is not an array. */
export function assertObject(value: unknown, path: string): asserts value is object {
  check('an object', isObject)(value, path);
}

function isCallable(value: unknown): boolean {
  return typeof value === 'function';
}
