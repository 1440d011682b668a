import type { StandardSchemaV1 } from '@standard-schema/spec';
import { isObject } from '../protocol/message';

/** A schema that any object fits: what the SDK is given where the checking is done elsewhere. */
export const anyObject: StandardSchemaV1<Record<string, unknown>> = {
  '~standard': {
    version: 1,
    vendor: 'rx-mcp',
    validate: (value) => (isObject(value) ? { value } : { issues: [{ message: 'expected an object' }] }),
  },
};
