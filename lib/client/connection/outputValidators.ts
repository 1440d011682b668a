import type { Observable } from 'rxjs';
import type { Result } from '../../protocol/types';
import type { Connection } from './connection';
import type { ValidateOutput } from './validateOutput';

/** Validates the result of a tool as `validateOutput` specifies. Default: the option of the connector. Cold. */
export type OutputValidator = (tool: unknown, result: Result, validateOutput?: ValidateOutput) => Observable<Result>;

/** The validator of each connection, for tool results that are not the response to `tools/call`. */
export const outputValidators = new WeakMap<Connection, OutputValidator>();
