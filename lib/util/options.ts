import { ConfigError } from '../errors';
import { isObject } from './isObject';

/**
 * Checks those of the options that are given.
 *
 * @param path - where the options stand, if not by themselves.
 * @throws `ConfigError` with the path of the first that is not what it has to be.
 */
export function assertOptions(options: unknown, members: Readonly<Record<string, Validator>>, path = ''): void {
  assertObject(options, path || 'options');
  for (const name in members) {
    const value: unknown = Reflect.get(options, name);
    if (value !== undefined) members[name]?.(value, path ? `${path}.${name}` : name);
  }
}

/** Looks at a value that was given from outside; throws a {@link ConfigError} with its path when it is not what it has to be. */
export type Validator = (value: unknown, path: string) => void;

/** What is expected, in words, and whether a value is that. Of what came only numbers are shown: the rest may be a secret. */
export function check(expected: string, isFit: (value: unknown) => boolean): Validator {
  return (value, path) => {
    if (isFit(value)) return;
    const got = typeof value === 'number' ? String(value) : value === null ? 'null' : typeof value;
    throw new ConfigError(`${path}: expected ${expected}, got ${got}`, { path });
  };
}

/** A number that is not below another. */
export function isAtLeast(least: number): Validator {
  return check(`a number from ${String(least)} up`, (value) => typeof value === 'number' && value >= least);
}

/** Milliseconds between two things, or one of the ways to say that there is no such time. */
export function isDuration(...others: (string | false)[]): Validator {
  return check(
    ['a number above 0', ...others].join(' or '),
    (value) => (typeof value === 'number' && value > 0) || others.some((other) => other === value),
  );
}

/** One of these words. */
export function isOneOf(...words: string[]): Validator {
  return check(words.join(' or '), (value) => words.some((word) => word === value));
}

/** An object that has these methods, in words `what`. */
export function hasMethods(what: string, ...methods: string[]): Validator {
  return check(what, (value) => isObject(value) && methods.every((name) => isCallable(Reflect.get(value, name))));
}

/** Something that can be called. */
export const isFunction: Validator = (value, path) => {
  check('a function', isCallable)(value, path);
};

/** An object, and no array. */
export function assertObject(value: unknown, path: string): asserts value is object {
  check('an object', isObject)(value, path);
}

function isCallable(value: unknown): boolean {
  return typeof value === 'function';
}
