import { defer, from, map, type Observable, of, switchMap, tap } from 'rxjs';
import { InvalidResultError, type Issue, type MCPError } from '../../errors';
import type { Request, Result } from '../../protocol/types';
import { isObject } from '../../util/isObject';
import { reasonOf } from '../../util/reasonOf';
import { deliverInvalidOutput, type ValidateOutput } from '../connection/validateOutput';
import { createJsonSchemaValidator, type JsonSchemaLibrary, type JsonSchemaValidator } from './jsonSchemaValidator';

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

/**
 * Creates the output schemas of a connection. Schemas are stored as the pages of the list arrive. A schema is compiled when its
 * tool is first called, because most tools never are. The validator is loaded when the first tool with an output schema is
 * listed.
 *
 * @param load - loads the validator. Default: `@cfworker/json-schema`.
 */
export function createOutputSchemas(
  load: () => Promise<JsonSchemaLibrary> = () => import('@cfworker/json-schema'),
): OutputSchemas {
  const schemas = new Map<unknown, Record<string, unknown>>();
  const compiled = new Map<unknown, JsonSchemaValidator>();
  let listed = new Set<unknown>();
  let loading: Promise<JsonSchemaLibrary> | undefined;
  let library: JsonSchemaLibrary | undefined;

  function loadOnce(): Promise<JsonSchemaLibrary> {
    loading ??= load().then((loaded) => (library = loaded));
    return loading;
  }

  function forget(name: unknown): void {
    schemas.delete(name);
    compiled.delete(name);
  }

  function issuesOf(name: unknown, content: unknown, loaded: JsonSchemaLibrary): Issue[] {
    const schema = schemas.get(name);
    if (!schema) return [];
    if (content === undefined) return [{ message: 'expected an object', path: ['structuredContent'] }];
    const validator = compiled.get(name) ?? createJsonSchemaValidator(loaded, schema);
    compiled.set(name, validator);
    return validator(content).map(({ message, path = [] }) => ({ message, path: ['structuredContent', ...path] }));
  }

  function assertValid(name: unknown, result: Result, loaded: JsonSchemaLibrary): void {
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
        loadOnce().catch(() => (loading = undefined));
      }
      if (nextCursor) return;
      // The list is complete, so tools that are not in it no longer exist.
      for (const name of schemas.keys()) if (!listed.has(name)) forget(name);
    },
    validate$: (name, result) =>
      defer(() => {
        // A task is not the final result, and a failed tool has no output.
        if (!schemas.has(name) || result['isError'] === true || isObject(result['task'])) return of(result);
        return (library ? of(library) : from(loadOnce())).pipe(
          map((loaded) => {
            assertValid(name, result, loaded);
            return result;
          }),
        );
      }),
  };
}

/** Updates the output schemas from results of `tools/list`, and validates results of `tools/call` with them. */
export function withOutputSchemas(
  request$: (request: Request) => Observable<Result>,
  validateOutput: ValidateOutput = true,
  report: (error: MCPError) => void,
): (request: Request) => Observable<Result> {
  if (validateOutput === false) return request$;
  const schemas = createOutputSchemas();
  return (request) => {
    const { method, params } = request;
    if (method === 'tools/list') {
      return request$(request).pipe(tap((page) => schemas.update(params?.['cursor'], page)));
    }
    if (method !== 'tools/call') return request$(request);
    return request$(request).pipe(
      switchMap((result) => schemas.validate$(params?.['name'], result)),
      deliverInvalidOutput(validateOutput, report),
    );
  };
}
