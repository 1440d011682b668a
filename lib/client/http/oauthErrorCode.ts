import { isObject } from '../../util/isObject';

/** The codes of OAuth errors that are temporary. */
const temporaryCodes = new Set(['server_error', 'temporarily_unavailable', 'too_many_requests']);

/** Matches the code of an OAuth error, but not an HTTP reason such as "Not Found", which proxies send. */
const codePattern = /^[a-z][a-z0-9_]*$/;

/**
 * Whether a value is the code of an OAuth error that is not temporary, such as `invalid_grant`. With 400 or 401, the
 * statuses of OAuth errors, any text is accepted, because some servers send a description instead of a code.
 */
export function isFinalCode(code: unknown, status?: number): boolean {
  if (typeof code !== 'string' || temporaryCodes.has(code)) return false;
  return status === 400 || status === 401 || codePattern.test(code);
}

/** Reads a JSON object from a copy of the body. Resolves with `undefined` if the body is not a JSON object. */
export async function readObject(response: Response): Promise<Record<string, unknown> | undefined> {
  const body: unknown = await response
    .clone()
    .json()
    .catch(() => undefined);
  return isObject(body) ? body : undefined;
}
