import { defer, from, map, type Observable, of, switchMap, tap } from 'rxjs';
import { InvalidResultError, type Issue, type MCPError } from '../../errors';
import { isTaskResult } from '../../protocol/message';
import type { Request, Result } from '../../protocol/types';
import { isObject } from '../../util/isObject';
import { reasonOf } from '../../util/reasonOf';
import type { RequestOptions } from '../connection/connection';
import { deliverInvalidOutput, type ValidateOutput, type OutputValidator } from '../connection/validateOutput';
import type { createJsonSchemaValidator, JsonSchemaValidator } from './jsonSchemaValidator';

/** The module that compiles schemas, loaded on demand. */
interface SchemaCompiler {
  createJsonSchemaValidator: typeof createJsonSchemaValidator;
}

/** The output schemas that a server listed for its tools. */
export interface OutputSchemas {
  /** Stores the schemas of a page of `tools/list`. `cursor` is the cursor of the request for that page. */
  update(cursor: unknown, page: Result): void;
  /**
   * Emits a tool's result if it matches the tool's output schema, or if the tool has none. Otherwise errors with an
   * `InvalidResultError`. Synchronous once the validator is loaded.
   */
  validate$(name: unknown, result: Result): Observable<Result>;
}

/** Options for {@link createOutputSchemas}. */
interface OutputSchemasOptions {
  /** Loads the validator. Default: that of this library. */
  load?: () => Promise<SchemaCompiler>;
  /** Whether to load the validator when a tool with an output schema is listed, not when such a tool is called. Default `true`. */
  isPreloaded?: boolean;
}

/**
 * Creates the output schemas of a connection. Schemas are stored as the pages of the list arrive. A schema is compiled when its
 * tool is first called, because most tools are never called.
 */
export function createOutputSchemas({
  load = () => import('./jsonSchemaValidator'),
  isPreloaded = true,
}: OutputSchemasOptions = {}): OutputSchemas {
  const schemas = new Map<unknown, Record<string, unknown>>();
  const compiled = new Map<unknown, JsonSchemaValidator>();
  let listed = new Set<unknown>();
  let loading: Promise<SchemaCompiler> | undefined;
  let library: SchemaCompiler | undefined;

  function loadOnce(): Promise<SchemaCompiler> {
    loading ??= load().then((loaded) => (library = loaded));
    return loading;
  }

  function forget(name: unknown): void {
    schemas.delete(name);
    compiled.delete(name);
  }

  function issuesOf(name: unknown, content: unknown, loaded: SchemaCompiler): Issue[] {
    const schema = schemas.get(name);
    if (!schema) return [];
    if (content === undefined) return [{ message: 'expected an object', path: ['structuredContent'] }];
    const validator = compiled.get(name) ?? loaded.createJsonSchemaValidator(schema);
    compiled.set(name, validator);
    return validator(content).map(({ message, path = [] }) => ({ message, path: ['structuredContent', ...path] }));
  }

  function assertValid(name: unknown, result: Result, loaded: SchemaCompiler): void {
    let issues: Issue[];
    try {
      issues = issuesOf(name, result['structuredContent'], loaded);
    } catch (cause) {
      const message = `tools/call: cannot use the output schema of ${JSON.stringify(name)} (${reasonOf(cause).message})`;
      throw new InvalidResultError(message, { issues: [{ message: reasonOf(cause).message }], result, cause });
    }
    const [first] = issues;
    if (!first) return;
    const detail = `${(first.path ?? []).map(String).join('.')}: ${first.message}`;
    const message = `tools/call: the result of ${JSON.stringify(name)} does not match its output schema (${detail})`;
    throw new InvalidResultError(message, { issues, result });
  }

  return {
    update(cursor, { tools, nextCursor }) {
      if (!Array.isArray(tools)) return;
      if (cursor === undefined) listed = new Set();
      for (const tool of tools) {
        if (!isObject(tool)) continue;
        const { name, outputSchema } = tool;
        listed.add(name);
        forget(name);
        if (!isObject(outputSchema)) continue;
        schemas.set(name, outputSchema);
        // A failure to load is reported by the first call that needs the validator.
        if (isPreloaded) loadOnce().catch(() => (loading = undefined));
      }
      if (nextCursor) return;
      // The list is complete, so tools that are not in it no longer exist.
      for (const name of schemas.keys()) if (!listed.has(name)) forget(name);
    },
    validate$: (name, result) =>
      defer(() => {
        // A task is not the final result, and a failed tool has no output.
        if (!schemas.has(name) || result['isError'] === true || isTaskResult(result)) return of(result);
        return (library ? of(library) : from(loadOnce())).pipe(
          map((loaded) => {
            assertValid(name, result, loaded);
            return result;
          }),
        );
      }),
  };
}

/** Sends the requests of {@link ValidatedRequests}. */
export interface RequestSender {
  request$(request: Request, options?: RequestOptions): Observable<Result>;
}

/**
 * The requests of a connection. Updates the output schemas from results of `tools/list`, and validates results of `tools/call`
 * with them.
 */
export class ValidatedRequests implements OutputValidator {
  readonly #sender: RequestSender;
  readonly #validateOutput: ValidateOutput;
  readonly #report: (error: MCPError) => void;
  #created: OutputSchemas | undefined;

  /** @param validateOutput - the default for requests without that option. */
  constructor(sender: RequestSender, validateOutput: ValidateOutput = true, report: (error: MCPError) => void) {
    this.#sender = sender;
    this.#validateOutput = validateOutput;
    this.#report = report;
  }

  request$(request: Request, options?: RequestOptions): Observable<Result> {
    const { method, params } = request;
    const result$ = this.#sender.request$(request, options);
    if (method === 'tools/list') return result$.pipe(tap((page) => this.#schemas.update(params?.['cursor'], page)));
    if (method !== 'tools/call') return result$;
    return result$.pipe(switchMap((result) => this.validate$(params?.['name'], result, options?.validateOutput)));
  }

  validate$(tool: unknown, result: Result, mode = this.#validateOutput): Observable<Result> {
    if (mode === false) return of(result);
    return this.#schemas.validate$(tool, result).pipe(deliverInvalidOutput(mode, (error) => this.#report(error)));
  }

  /** Created with the first list, because most connections never request one. */
  get #schemas(): OutputSchemas {
    return (this.#created ??= createOutputSchemas({ isPreloaded: this.#validateOutput !== false }));
  }
}
