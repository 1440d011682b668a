import type { jsonSchemaValidator } from '@modelcontextprotocol/sdk/validation/types.js';
import { lazyJsonSchemaValidator } from './lazyJsonSchemaValidator';

/** A schema that everything fits. */
const anything = {};

/** What the SDK's client is given to check results with: its own validator, or one that takes them as they come. */
export function jsonSchemaValidatorFor(validateOutput = true): jsonSchemaValidator {
  const validator = lazyJsonSchemaValidator();
  return validateOutput ? validator : { getValidator: () => validator.getValidator(anything) };
}
