import type { JsonSchemaValidator, jsonSchemaValidator } from '@modelcontextprotocol/client';
import { jsonSchemaValidatorFor } from '../connection/jsonSchemaValidatorFor';

/**
 * A validator for each schema, made when there is something to check: the SDK asks for those of all tools together, when one of
 * them is called. One for all of them would take a schema for another with the same `$id`.
 */
export function lateValidator(validateOutput?: boolean): jsonSchemaValidator {
  return {
    getValidator<T>(schema: Parameters<jsonSchemaValidator['getValidator']>[0]): JsonSchemaValidator<T> {
      let validator: JsonSchemaValidator<T> | undefined;
      return (value) => (validator ??= jsonSchemaValidatorFor(validateOutput).getValidator<T>(schema))(value);
    },
  };
}
