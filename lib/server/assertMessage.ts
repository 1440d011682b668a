import { ConfigError } from '../errors';
import { assertJson } from '../util/assertJson';
import { assertObject, isNonEmptyString } from '../util/options';

/**
 * Checks a message whose params come from the user of the server. All of them pass this check before they are sent.
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
 * Checks an error with which the user of the server answers a request.
 *
 * @throws `ConfigError` with the method and the path of the first member that JSON cannot represent.
 */
export function assertError(method: string, { code, data }: { code: number; data: unknown }): void {
  withMethod(method, () => assertJson({ code, data }, 'error'));
}

/** Adds the method to the error of a check. */
function withMethod(method: string, assert: () => void): void {
  try {
    assert();
  } catch (cause) {
    if (!(cause instanceof ConfigError)) throw cause;
    throw new ConfigError(`${method}: ${cause.message}`, { path: cause.path, cause });
  }
}
