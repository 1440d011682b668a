import { InvalidResultError, type Issue } from '../../errors';
import { isObject } from '../../util/isObject';
import { issuePath } from '../../util/issuePath';

/** The maximum length of the name of an item in an error message, in characters. */
const maxNameLength = 100;

/**
 * Returns the error for an invalid part of a result.
 *
 * @param value - the invalid part, or the result. If it has a name, the message contains the name.
 */
export function invalidResult(operation: string, issue: Issue, value: unknown): InvalidResultError {
  const name =
    isObject(value) && typeof value['name'] === 'string' ? ` in "${value['name'].slice(0, maxNameLength)}"` : '';
  const message = `${operation}: invalid response from server (${issuePath(issue)}: ${issue.message}${name})`;
  return new InvalidResultError(message, { issues: [issue], result: value });
}
