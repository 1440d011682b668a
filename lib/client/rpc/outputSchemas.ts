import { defer, map, noop, type Observable, switchMap, tap } from 'rxjs';
import type { MCPError } from '../../errors';
import { isTaskResult } from '../../protocol/message';
import type { Request, Result } from '../../protocol/types';
import { isObject } from '../../util/isObject';
import type { RequestOptions } from '../connection/connection';
import { onDemand } from '../connection/onDemand';
import {
  deliverInvalidOutput,
  type OutputValidator,
  type ValidateOutput,
  withUnvalidated,
} from '../connection/validateOutput';
import type { assertValidOutput } from './outputValidation';

/** Sends requests for {@link ValidatedRequests}. */
export interface RequestSender {
  request$(request: Request, options?: RequestOptions): Observable<Result>;
}

/** The code that compiles schemas and validates results. */
interface OutputValidation {
  assertValidOutput: typeof assertValidOutput;
}

const loadedValidation$ = onDemand('the validation of output', () => import('../onDemand/outputs'));

/**
 * Sends the requests of a connection. Stores the output schemas in results of `tools/list`, and validates results of
 * `tools/call` with them. The validation code is loaded with the first schema.
 */
export class ValidatedRequests implements OutputValidator {
  readonly #sender: RequestSender;
  readonly #mode: ValidateOutput;
  readonly #report: (error: MCPError) => void;
  readonly #validation$: Observable<OutputValidation>;
  /** Created with the first list, because many connections never request one. */
  #schemas: Map<unknown, Record<string, unknown>> | undefined;
  #listed: Set<unknown> | undefined;

  /**
   * @param mode - the default for requests without a `validateOutput` option.
   * @param validation$ - loads the validation code. Default: loads that of this library.
   */
  constructor(
    sender: RequestSender,
    mode: ValidateOutput = true,
    report: (error: MCPError) => void,
    validation$: Observable<OutputValidation> = loadedValidation$,
  ) {
    this.#sender = sender;
    this.#mode = mode;
    this.#report = report;
    this.#validation$ = validation$;
  }

  request$(request: Request, options?: RequestOptions): Observable<Result> {
    const { method, params } = request;
    const result$ = this.#sender.request$(request, options);
    if (method === 'tools/list') return result$.pipe(tap((page) => this.#update(params?.['cursor'], page)));
    if (method !== 'tools/call') return result$;
    return result$.pipe(switchMap((result) => this.validate$(params?.['name'], result, options?.validateOutput)));
  }

  validate$(tool: unknown, result: Result, mode = this.#mode): Observable<Result> {
    const schema = this.#schemas?.get(tool);
    // A task is not the final result, and the result of a tool that failed has no output.
    if (!schema || mode === false || result['isError'] === true || isTaskResult(result)) return defer(() => [result]);
    return this.#validation$.pipe(
      withUnvalidated(tool, result),
      map(({ assertValidOutput: assertValid }) => {
        assertValid(tool, schema, result);
        return result;
      }),
      deliverInvalidOutput(mode, (error) => this.#report(error)),
    );
  }

  /** Stores the schemas of a page of `tools/list`. */
  #update(cursor: unknown, { tools, nextCursor }: Result): void {
    if (!Array.isArray(tools)) return;
    const schemas = (this.#schemas ??= new Map());
    if (cursor === undefined) this.#listed = undefined;
    const listed = (this.#listed ??= new Set());
    for (const tool of tools) {
      if (!isObject(tool)) continue;
      const { name, outputSchema } = tool;
      listed.add(name);
      schemas.delete(name);
      if (isObject(outputSchema)) schemas.set(name, outputSchema);
    }
    // If loading fails, the first call that needs the code retries and reports the error.
    if (schemas.size > 0 && this.#mode !== false) this.#validation$.subscribe({ error: noop });
    if (nextCursor) return;
    // The list is complete, so the schemas of tools that are not in it can be removed.
    for (const name of schemas.keys()) if (!listed.has(name)) schemas.delete(name);
  }
}
