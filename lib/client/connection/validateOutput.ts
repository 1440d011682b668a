import { catchError, identity, type MonoTypeOperatorFunction, of } from 'rxjs';
import { InvalidResultError, type MCPError } from '../../errors';
import type { Result } from '../../protocol/types';
import { isObject } from '../../util/isObject';
import { check } from '../../util/options';

/**
 * Whether tool results are validated against the output schema of the tool. `true`: a result that does not match fails the call
 * with an `InvalidResultError`, which has it as `result`. `'report'`: it is delivered, and the error is emitted on `errors$`.
 * `false`: it is delivered.
 */
export type ValidateOutput = boolean | 'report';

/** Validates the option of that name. */
export const isValidateOutput = check("true, false or 'report'", (value) =>
  [true, false, 'report'].some((known) => known === value),
);

/** Delivers results that do not match, as {@link ValidateOutput} says. */
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
