import { catchError, identity, type MonoTypeOperatorFunction, type Observable } from 'rxjs';
import { InvalidResultError, type MCPError } from '../../errors';
import type { Result } from '../../protocol/types';
import { isObject } from '../../util/isObject';
import { isOneOf } from '../../util/options';
import { reasonOf } from '../../util/reasonOf';

/**
 * Whether tool results are validated against the tool's output schema:
 *
 * - `true`: if a result does not match, the call fails with an `InvalidResultError`, which contains the result.
 * - `'report'`: if a result does not match, it is delivered anyway, and `errors$` emits the `InvalidResultError`.
 * - `false`: results are not validated.
 */
export type ValidateOutput = boolean | 'report';

/** Validator for the `validateOutput` option. */
export const isValidateOutput = isOneOf(true, false, 'report');

/** Validates the results of a connection's tools. */
export interface OutputValidator {
  /**
   * Validates the result of a tool, and emits it or errors as `validateOutput` specifies. Default: the connector's
   * `validateOutput`. Cold.
   */
  validate$(tool: unknown, result: Result, validateOutput?: ValidateOutput): Observable<Result>;
}

/** The validator of each connection. Used for the results of tasks, which are not the response to `tools/call`. */
export const outputValidators = new WeakMap<object, OutputValidator>();

/** Delivers a result that does not match its schema instead of erroring, depending on {@link ValidateOutput}. */
export function deliverInvalidOutput(
  validateOutput: ValidateOutput,
  report: (error: MCPError) => void,
): MonoTypeOperatorFunction<Result> {
  if (validateOutput === true) return identity;
  return catchError((error: unknown) => {
    if (!(error instanceof InvalidResultError) || !isObject(error.result)) throw error;
    if (validateOutput === 'report') report(error);
    return [error.result];
  });
}

/** Converts the error of code that reads a result and cannot be loaded. The tool has run, so the error contains its result. */
export function withUnvalidated<T>(tool: unknown, result: Result): MonoTypeOperatorFunction<T> {
  return catchError((cause: unknown) => {
    const message = `tools/call: cannot read the result of ${JSON.stringify(tool)} (${reasonOf(cause).message})`;
    throw new InvalidResultError(message, { issues: [], result, cause });
  });
}
