import type { ObservableInput } from 'rxjs';
import type { CompleteRequest, CompleteResult, Result } from '../protocol/types';
import { isObject } from '../util/isObject';
import type { CallContext } from './callContext';

/**
 * Suggests values for an argument of a prompt or URI template. Returns the values, or a complete `completion` object of
 * the protocol.
 */
export type Completer = (
  params: CompleteRequest['params'],
  ctx: CallContext,
) => ObservableInput<CompleterOutput> | CompleterOutput;

/** The output of a {@link Completer}: the suggested values, or a complete `completion` object of the protocol. */
export type CompleterOutput = readonly string[] | CompleteResult['completion'];

/** Whether a value is valid as the params of `completion/complete`. */
export function isCompletion(params: Record<string, unknown>): params is CompleteRequest['params'] {
  return isObject(params['ref']) && isObject(params['argument']);
}

const maxCompletions = 100;

/** Converts the output of a {@link Completer} to a result. */
export function toCompletion(value: unknown): Result {
  if (isObject(value)) return { completion: value };
  const values: unknown[] = Array.isArray(value) ? value : [];
  return {
    completion: {
      values: values.slice(0, maxCompletions),
      total: values.length,
      hasMore: values.length > maxCompletions,
    },
  };
}
