import type { StandardSchemaV1 } from '@standard-schema/spec';

/** A Standard Schema with nothing of a library in it. */
export function schemaByHand<T>(
  validate: StandardSchemaV1.Props<unknown, T>['validate'],
): StandardSchemaV1<unknown, T> {
  return { '~standard': { version: 1, vendor: 'by-hand', validate } };
}
