import type { JsonSchemaValidator, jsonSchemaValidator } from '@modelcontextprotocol/sdk/validation/types.js';
import { ServerError } from '../errors';
import { mayMakeCode } from './mayMakeCode';
import { isObject } from './message';
import type { Result } from '../protocol';

/** The JSON-RPC code for params, here of a result, that do not fit. */
const invalidParams = -32602;

/** Checks the structured content of tool results against the output schemas that the server listed. */
export interface OutputValidation {
  /** Takes note of a page of `tools/list`. */
  listed(result: Result): void;
  /** Throws a `ServerError` when the result of this tool does not fit what was listed. */
  check(name: unknown, result: Result): void;
}

/**
 * Schemas are kept as they come by, page by page, and compiled when their tool is first called: most tools never are.
 * The SDK's own cache forgets all other pages with each page. The validator makes code of schemas: where that is forbidden,
 * results are not checked, rather than lost.
 */
export function createOutputValidation(validator: jsonSchemaValidator): OutputValidation {
  const schemas = new Map<unknown, Record<string, unknown>>();
  const compiled = new Map<unknown, JsonSchemaValidator<unknown>>();
  let canCompile: boolean | undefined;

  function validatorOf(name: unknown): JsonSchemaValidator<unknown> | undefined {
    const schema = schemas.get(name);
    if (!schema) return undefined;
    const known = compiled.get(name);
    if (known) return known;
    canCompile ??= mayMakeCode();
    if (!canCompile) return undefined;
    const fresh = validator.getValidator<unknown>(schema);
    compiled.set(name, fresh);
    return fresh;
  }

  return {
    listed({ tools }) {
      if (!Array.isArray(tools)) return;
      for (const tool of tools) {
        if (!isObject(tool)) continue;
        compiled.delete(tool['name']);
        if (isObject(tool['outputSchema'])) schemas.set(tool['name'], tool['outputSchema']);
        else schemas.delete(tool['name']);
      }
    },
    check(name, { structuredContent, isError }) {
      const validate = isError === true ? undefined : validatorOf(name);
      if (!validate) return;
      const outcome = validate(structuredContent);
      if (outcome.valid) return;
      const message = `tool ${String(name)}: structured content does not fit the output schema: ${outcome.errorMessage}`;
      throw new ServerError(message, { code: invalidParams, data: structuredContent });
    },
  };
}
