import type { JsonSchemaValidator, jsonSchemaValidator } from '@modelcontextprotocol/sdk/validation/types.js';
import { ServerError } from '../errors';
import { errorCode } from '../protocol/errorCodes';
import { mayMakeCode } from './mayMakeCode';
import { isObject } from '../util/isObject';
import type { Result } from '../protocol/types';

/** Checks the structured content of tool results against the output schemas that the server listed. */
export interface OutputValidation {
  /** Takes note of a page of `tools/list`, and of where in the list it began. */
  listed(cursor: unknown, page: Result): void;
  /** Throws a `ServerError` when the result of this tool does not fit what was listed. */
  check(name: unknown, result: Result): void;
}

/**
 * Schemas are kept as they come by, page by page, and compiled when their tool is first called: most tools never are.
 * The SDK's own cache forgets all other pages with each page. The validator makes code of schemas: where that is forbidden,
 * results are not checked, rather than lost.
 *
 * @param createValidator - makes the validator of one schema. One for all would keep what it has compiled, and take a schema
 * for another one with the same `$id`.
 */
export function createOutputValidation(createValidator: () => jsonSchemaValidator): OutputValidation {
  const schemas = new Map<unknown, Record<string, unknown>>();
  const compiled = new Map<unknown, JsonSchemaValidator<unknown>>();
  let listed = new Set<unknown>();
  let canCompile: boolean | undefined;

  function validatorOf(name: unknown): JsonSchemaValidator<unknown> | undefined {
    const schema = schemas.get(name);
    if (!schema) return undefined;
    const known = compiled.get(name);
    if (known) return known;
    canCompile ??= mayMakeCode();
    if (!canCompile) return undefined;
    const fresh = createValidator().getValidator<unknown>(schema);
    compiled.set(name, fresh);
    return fresh;
  }

  /** What a schema says of a result. A schema may be no good, or have no end. */
  function verdict(name: unknown, content: unknown): string | undefined {
    try {
      const outcome = validatorOf(name)?.(content);
      return outcome?.errorMessage;
    } catch (cause) {
      throw new ServerError(`tool ${String(name)}: its output schema can not be used`, {
        code: errorCode.internalError,
        cause,
      });
    }
  }

  return {
    listed(cursor, { tools, nextCursor }) {
      if (!Array.isArray(tools)) return;
      if (cursor === undefined) listed = new Set();
      for (const tool of tools) {
        if (!isObject(tool)) continue;
        listed.add(tool['name']);
        compiled.delete(tool['name']);
        if (isObject(tool['outputSchema'])) schemas.set(tool['name'], tool['outputSchema']);
        else schemas.delete(tool['name']);
      }
      if (nextCursor) return;
      // The list is whole: whoever is not in it is there no more.
      for (const name of schemas.keys()) {
        if (listed.has(name)) continue;
        schemas.delete(name);
        compiled.delete(name);
      }
    },
    check(name, { structuredContent, isError }) {
      const misfit = isError === true ? undefined : verdict(name, structuredContent);
      if (misfit === undefined) return;
      const message = `tool ${String(name)}: structured content does not fit the output schema: ${misfit}`;
      throw new ServerError(message, { code: errorCode.invalidParams, data: structuredContent });
    },
  };
}
