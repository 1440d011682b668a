import { isObservable } from 'rxjs';
import { ConfigError } from '../errors';
import { isObject } from './isObject';
import { didYouMean } from './nearestName';

/**
 * Checks a user-supplied value. Throws a {@link ConfigError} with the path of the value and a description of valid
 * values.
 */
export type Validator = (value: unknown, path: string) => void;

/** Validators by the name of the option. */
export type Validators = Readonly<Record<string, Validator>>;

/**
 * Checks an options object: every name must be known, and every value must be valid or `undefined`.
 *
 * @param path - the path of the options object, for error messages. Default: none, for options at the root.
 * @throws {@link ConfigError} with the path of the first problem. For an unknown name, the message suggests a known
 *   one.
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
 * Checks the members that have a validator. Members that are `undefined` and members without a validator are ignored.
 *
 * @throws {@link ConfigError} with the path of the first invalid member.
 */
export function assertMembers(value: unknown, validators: Validators, path = ''): void {
  assertObject(value, path || 'options');
  // A plain object usually has few members. Other objects may have accessors or inherited members.
  const names = Object.keys(Object.getPrototypeOf(value) === Object.prototype ? value : validators);
  for (const name of names) {
    const member: unknown = Reflect.get(value, name);
    if (member !== undefined && Object.hasOwn(validators, name)) {
      validators[name]?.(member, path ? `${path}.${name}` : name);
    }
  }
}

/**
 * Creates a validator.
 *
 * @param expected - a description of valid values, for the error message. The message contains an invalid value only if
 *   it is a number, and otherwise its kind, because the value may be a secret.
 * @param isValid - returns whether a value is valid.
 */
export function check(expected: string, isValid: (value: unknown) => boolean): Validator {
  return (value, path) => {
    if (!isValid(value)) throw invalid(path, expected, value);
  };
}

function invalid(path: string, expected: string, value: unknown): ConfigError {
  return new ConfigError(`${path}: expected ${expected}, got ${describeInvalid(value)}`, { path });
}

/** Returns the value if it is a number, otherwise its kind. */
function describeInvalid(value: unknown): string {
  if (typeof value === 'number') return String(value);
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'an array';
  return isObservable(value) ? 'an Observable' : isPromise(value) ? 'a Promise' : typeof value;
}

/** Accepts any value. */
export const isAnything: Validator = () => undefined;

/** Accepts numbers >= `min`. */
export function isAtLeast(min: number): Validator {
  return check(`a number >= ${String(min)}`, (value) => typeof value === 'number' && value >= min);
}

/** Accepts numbers > 0, in milliseconds, and each of `others`, for example `false` for no limit. */
export function isDuration(...others: (string | false)[]): Validator {
  return check(
    ['a number > 0', ...others].join(' or '),
    (value) => (typeof value === 'number' && value > 0) || others.some((other) => other === value),
  );
}

/** Accepts the given values. */
export function isOneOf(...values: (string | boolean)[]): Validator {
  return check(values.join(' or '), (value) => values.some((each) => each === value));
}

/** Accepts strings. */
export const isString = /* @__PURE__ */ check('a string', (value) => typeof value === 'string');

/** Accepts strings that are not empty. */
export const isNonEmptyString = /* @__PURE__ */ check(
  'a non-empty string',
  (value) => typeof value === 'string' && value !== '',
);

/** Accepts URIs and URI templates that begin with a scheme. */
export const isUri = /* @__PURE__ */ check(
  'a URI with a scheme, for example file:///notes.md',
  (value) => typeof value === 'string' && /^([a-z][a-z0-9+.-]*|\{.+\}):/i.test(value),
);

/** Accepts `true` and `false`. */
export const isBoolean = /* @__PURE__ */ isOneOf(true, false);

/** Accepts progress tokens and request ids. */
export const isToken = /* @__PURE__ */ check(
  'a string or an integer',
  (value) => typeof value === 'string' || Number.isInteger(value),
);

/** Accepts arrays whose items pass `item`. In error messages, the path of an item ends with its index. */
export function isArrayOf(item: Validator): Validator {
  return (value, path) => {
    check('an array', Array.isArray)(value, path);
    if (Array.isArray(value)) value.forEach((element: unknown, index) => item(element, `${path}.${String(index)}`));
  };
}

/** Accepts objects whose values pass `member`. In error messages, the path of a value ends with its key. */
export function isRecordOf(member: Validator): Validator {
  return (value, path) => {
    assertObject(value, path);
    for (const [name, element] of Object.entries(value)) member(element, `${path}.${name}`);
  };
}

/** Accepts objects whose members with the given names are strings. */
export function hasStrings(...names: string[]): Validator {
  return (value, path) => {
    assertObject(value, path);
    for (const name of names) isString(Reflect.get(value, name), `${path}.${name}`);
  };
}

/**
 * Accepts objects with the given methods.
 *
 * @param expected - a description of the object, for error messages.
 */
export function hasMethods(expected: string, ...methods: string[]): Validator {
  return check(expected, (value) => isObject(value) && methods.every((name) => isCallable(Reflect.get(value, name))));
}

/** Accepts RxJS schedulers. */
export const isScheduler = /* @__PURE__ */ hasMethods('a scheduler', 'now', 'schedule');

/** Accepts functions. */
export const isFunction = /* @__PURE__ */ check('a function', isCallable);

/**
 * Accepts objects that are not arrays. Rejects promises and Observables, which are usually mistakes, such as a missing
 * `await`.
 */
export function assertObject(value: unknown, path: string): asserts value is object {
  if (!isObject(value) || isPromise(value) || isObservable(value)) throw invalid(path, 'an object', value);
}

function isPromise(value: unknown): boolean {
  return isObject(value) && isCallable(value['then']);
}

function isCallable(value: unknown): boolean {
  return typeof value === 'function';
}
