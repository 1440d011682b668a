import { InvalidResultError, ServerError } from '../errors';
import { errorCode } from '../protocol/errorCodes';
import type { RequestMap, Result, Root } from '../protocol/types';
import { isObject } from '../util/isObject';

/** The response of the client's language model. */
export type SampleResult = RequestMap['sampling/createMessage']['result'];

/**
 * Returns the valid roots in a response to `roots/list`. Calls `onInvalid` with an `InvalidResultError` for each
 * invalid entry.
 *
 * @throws `InvalidResultError` if the response does not contain an array of roots.
 */
export function rootsOf(answer: unknown, onInvalid: (error: InvalidResultError) => void): readonly Root[] {
  const roots: unknown = isObject(answer) ? answer['roots'] : undefined;
  if (!Array.isArray(roots)) throw invalidAnswer('roots/list', answer, ['roots'], 'an array');
  return roots.flatMap((root: unknown, index) => {
    if (isRoot(root)) return [withValidName(root)];
    onInvalid(invalidAnswer('roots/list', answer, ['roots', index], 'a root'));
    return [];
  });
}

function isRoot(root: unknown): root is Root {
  return isObject(root) && typeof root['uri'] === 'string';
}

/** Removes an invalid name. A name is only for display, so the root is still usable. */
function withValidName(root: Root): Root {
  const { name, ...rest } = root;
  return name === undefined || typeof name === 'string' ? root : rest;
}

/** @throws `InvalidResultError` if the response to `sampling/createMessage` is invalid. */
export function assertSample(answer: unknown): SampleResult {
  if (isSample(answer)) return answer;
  throw invalidAnswer('sampling/createMessage', answer, [], 'a message');
}

function isSample(answer: unknown): answer is SampleResult {
  return isObject(answer) && typeof answer['role'] === 'string' && typeof answer['content'] === 'object';
}

/** Returns a function that throws an `InvalidResultError` if the response to a request is not an object. */
export function assertResult(method: string): (answer: unknown) => Result {
  return (answer) => {
    if (isObject(answer)) return answer;
    throw invalidAnswer(method, answer, [], 'an object');
  };
}

function invalidAnswer(
  method: string,
  result: unknown,
  path: readonly PropertyKey[],
  expected: string,
): InvalidResultError {
  const at = ['result', ...path].join('.');
  return new InvalidResultError(`${method}: invalid response from client (${at}: expected ${expected})`, {
    issues: [{ message: `expected ${expected}`, path }],
    result,
  });
}

/** Creates the error for a request that the client does not support. */
export function unsupported(method: string): ServerError {
  return new ServerError(`${method}: the client does not support this request`, { code: errorCode.methodNotFound });
}
