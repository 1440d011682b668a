import type { Observable } from 'rxjs';
import type { Result } from '../../protocol/types';
import type { Connection } from './connection';
import type { ValidateOutput } from './validateOutput';

/** Validates the results of a connection's tools. */
export interface OutputValidator {
  /** Validates a result as `validateOutput` specifies. Default: the option of the connector. Cold. */
  validate$(tool: unknown, result: Result, validateOutput?: ValidateOutput): Observable<Result>;
}

/** The validator of each connection, for tool results that are not the response to `tools/call`. */
export const outputValidators = new WeakMap<Connection, OutputValidator>();
