import type { StandardSchemaV1 } from '@standard-schema/spec';
import { check } from './options';

/** Accepts schemas from any Standard Schema library. */
export const assertStandardSchema = check('a Standard Schema', isStandardSchema);

/** Whether a value is a Standard Schema. Accepts functions, because the schemas of some libraries are functions. */
export function isStandardSchema(value: unknown): value is StandardSchemaV1 {
  if ((typeof value !== 'object' && typeof value !== 'function') || value === null) return false;
  const standard: unknown = Reflect.get(value, '~standard');
  return typeof standard === 'object' && standard !== null && typeof Reflect.get(standard, 'validate') === 'function';
}
