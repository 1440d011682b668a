import { ConfigError } from '../errors';
import { paramsIssue } from '../notification/params';
import { assertJson } from '../util/assertJson';
import { assertObject, check, isNonEmptyString } from '../util/options';

/**
 * Checks that the params of a message, which come from the application, are JSON. Called for each such message before
 * it is sent.
 *
 * @throws `ConfigError` with the method and the path of the first member that JSON cannot represent.
 */
export function assertMessage(method: string, params: object | undefined): void {
  isNonEmptyString(method, 'method');
  if (params === undefined) return;
  withMethod(method, () => {
    assertObject(params, 'params');
    assertJson(params, 'params');
  });
}

/**
 * Checks the notification of a call, whose params must also have the types that the protocol defines.
 *
 * @throws `ConfigError` with the method and the path of the first invalid member.
 */
export function assertNotification(method: string, params: Record<string, unknown> | undefined): void {
  assertMessage(method, params);
  const issue = paramsIssue({ method, params });
  if (!issue) return;
  const path = ['params', ...(issue.path ?? []).map(String)].join('.');
  throw new ConfigError(`${method}: ${path}: ${issue.message}`, { path });
}

/**
 * Checks an error with which the application answers a request.
 *
 * @throws `ConfigError` with the method and the path of the first member that JSON cannot represent, or of an invalid
 *   code.
 */
export function assertError(method: string, { code, data }: { code: number; data: unknown }): void {
  withMethod(method, () => {
    assertJson({ code, data }, 'error');
    isInteger(code, 'error.code');
  });
}

const isInteger = check('an integer', Number.isInteger);

/** Adds the method to the message of the error that a check throws. */
function withMethod(method: string, assert: () => void): void {
  try {
    assert();
  } catch (cause) {
    if (!(cause instanceof ConfigError)) throw cause;
    throw new ConfigError(`${method}: ${cause.message}`, { path: cause.path, cause });
  }
}
