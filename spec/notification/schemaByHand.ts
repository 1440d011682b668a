import type { StandardSchemaV1 } from '@standard-schema/spec';

/** Creates a Standard Schema without a library. */
export function schemaByHand<T>(
  validate: StandardSchemaV1.Props<unknown, T>['validate'],
): StandardSchemaV1<unknown, T> {
  return { '~standard': { version: 1, vendor: 'by-hand', validate } };
}
