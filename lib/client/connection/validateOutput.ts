import { catchError, identity, type MonoTypeOperatorFunction, type Observable, of } from 'rxjs';
import { InvalidResultError, type MCPError } from '../../errors';
import type { Result } from '../../protocol/types';
import { isObject } from '../../util/isObject';
import { check } from '../../util/options';

/**
 * Whether tool results are validated against the tool's output schema. `true`: a call whose result does not match fails with an
 * `InvalidResultError`, which contains the result. `'report'`: the result is delivered, and the error is emitted on `errors$`.
 * `false`: results are not validated.
 */
export type ValidateOutput = boolean | 'report';

/** The validator of the `validateOutput` option. */
export const isValidateOutput = check("true, false or 'report'", (value) =>
  [true, false, 'report'].some((known) => known === value),
);

/** Validates the results of a connection's tools. */
export interface OutputValidator {
  /** Validates a result as `validateOutput` specifies. Default: the option of the connector. Cold. */
  validate$(tool: unknown, result: Result, validateOutput?: ValidateOutput): Observable<Result>;
}

/** The validator of each connection, for tool results that are not the response to `tools/call`. */
export const outputValidators = new WeakMap<object, OutputValidator>();

/** Recovers results that do not match their schema, according to {@link ValidateOutput}. */
export function deliverInvalidOutput(
  validateOutput: ValidateOutput,
  report: (error: MCPError) => void,
): MonoTypeOperatorFunction<Result> {
  if (validateOutput === true) return identity;
  return catchError((error: unknown) => {
    if (!(error instanceof InvalidResultError) || !isObject(error.result)) throw error;
    if (validateOutput === 'report') report(error);
    return of(error.result);
  });
}
