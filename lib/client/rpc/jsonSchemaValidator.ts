import type { Schema, SchemaDraft, ValidationResult } from '@cfworker/json-schema';
import type { Issue } from '../../errors';
import { isObject } from '../../util/isObject';
import { maxMatchLength } from './maxMatchLength';

/** The part of `@cfworker/json-schema` that is used here: it needs no `eval`, prints nothing and knows all dialects. */
export interface JsonSchemaLibrary {
  Validator: new (schema: Schema, draft: SchemaDraft) => { validate(value: unknown): ValidationResult };
  format: Readonly<Record<string, unknown>>;
}

/** Returns what does not match, and nothing if everything does. Throws if the schema cannot be used. */
export type JsonSchemaValidator = (value: unknown) => Issue[];

/** How many objects and values a schema may have. */
const maxNodes = 20_000;

/** How many objects and values of a schema are compared with those of one result. */
const maxSteps = 500_000;

/** The longest string whose `format` is checked, in characters. */
const maxFormatLength = 2_048;

/** The longest array that is searched for duplicates, in items: each is compared with each. */
const maxUniqueItems = 1_000;

/** Names of properties that are matched against a pattern have at most this length, in characters. */
const maxNameLength = 200;

/** Keywords whose value is data, and those whose value is a map of schemas. All others with an object or array have schemas. */
const dataKeywords = new Set(['const', 'enum', 'default', 'examples', 'required', 'dependentRequired']);
const mapKeywords = new Set([
  'properties',
  'patternProperties',
  '$defs',
  'definitions',
  'dependentSchemas',
  'dependencies',
]);

/** Keywords that apply other schemas: the error of one of these says no more than the errors of those. */
const applicators = new Set(
  ['$ref', '$recursiveRef', 'allOf', 'anyOf', 'oneOf', 'if', 'then', 'else', 'properties', 'patternProperties'].concat(
    ['additionalProperties', 'unevaluatedProperties', 'propertyNames', 'dependentSchemas', 'dependencies'],
    ['prefixItems', 'items', 'additionalItems', 'unevaluatedItems'],
  ),
);

/**
 * Compiles a schema of a server, by the dialect that its `$schema` names; 2020-12 without one. Formats that are not known pass,
 * and so do strings for which a pattern could take too long. A schema that takes too many steps on a value cannot be used.
 */
export function createJsonSchemaValidator(
  { Validator, format }: JsonSchemaLibrary,
  schema: Record<string, unknown>,
): JsonSchemaValidator {
  let nodes = 0;
  let steps = 0;
  const validator = new Validator(copy(schema), draftOf(schema['$schema']));

  function count(): void {
    if (++nodes > maxNodes) throw new Error(`the schema has more than ${maxNodes} values`);
  }

  function step(weight: number): void {
    steps += weight;
    if (steps > maxSteps) throw new Error(`validation takes more than ${maxSteps} steps`);
  }

  /** Copies a schema, since the library writes into it, with the limits added. */
  function copy(given: Record<string, unknown>): Schema {
    count();
    const { pattern, format: formatName, uniqueItems, type, ...others } = given;
    const copied: Schema = {};
    let weight = 1;
    for (const [keyword, value] of Object.entries(others)) {
      weight += dataKeywords.has(keyword) ? countAll(value) : entriesOf(value).length;
      copied[keyword] = copyKeyword(keyword, value);
    }
    limitPatternProperties(copied);
    const limited = [
      ...limitPattern(pattern),
      ...limitFormat(formatName),
      ...(uniqueItems === true ? [{ if: { maxItems: maxUniqueItems }, then: { uniqueItems } }] : []),
    ];
    if (limited.length > 0) copied.allOf = [...(Array.isArray(copied.allOf) ? copied.allOf : []), ...limited];
    // The library reads it once for each value that it applies the schema to.
    return Object.defineProperty(copied, 'type', {
      enumerable: true,
      get() {
        step(weight);
        return type;
      },
    });
  }

  function copyKeyword(keyword: string, value: unknown): unknown {
    if (dataKeywords.has(keyword)) return value;
    if (!isObject(value)) return copyItem(value);
    if (!mapKeywords.has(keyword)) return copy(value);
    return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, copyItem(item)]));
  }

  function copyItem(value: unknown): unknown {
    count();
    if (Array.isArray(value)) return value.map((item: unknown) => copyItem(item));
    return isObject(value) ? copy(value) : value;
  }

  function countAll(value: unknown): number {
    count();
    return entriesOf(value).reduce<number>((sum, item) => sum + countAll(item), 1);
  }

  function limitFormat(name: unknown): Schema[] {
    if (typeof name !== 'string' || !Object.hasOwn(format, name)) return [];
    return [{ if: { maxLength: maxFormatLength }, then: { format: name } }];
  }

  return (value) => {
    steps = 0;
    const { errors } = validator.validate(value);
    const own = errors.filter(({ keyword }) => !applicators.has(keyword));
    return (own.length > 0 ? own : errors).map(({ error, instanceLocation }) => ({
      message: error,
      path: pathOf(instanceLocation),
    }));
  };
}

function entriesOf(value: unknown): unknown[] {
  if (Array.isArray(value)) return value;
  return isObject(value) ? Object.values(value) : [];
}

function limitPattern(pattern: unknown): Schema[] {
  if (typeof pattern !== 'string') return [];
  const maxLength = isUnicodePattern(pattern) ? maxMatchLength(pattern) : 0;
  return maxLength > 0 ? [{ if: { maxLength }, then: { pattern } }] : [];
}

/** Leaves out patterns that take too long; then which properties are additional is not known. */
function limitPatternProperties(schema: Schema): void {
  if (!isObject(schema.patternProperties)) return;
  const entries = Object.entries(schema.patternProperties);
  const safe = entries.filter(([name]) => isUnicodePattern(name) && maxMatchLength(name) >= maxNameLength);
  if (safe.length === entries.length) return;
  schema.patternProperties = Object.fromEntries(safe);
  delete schema.additionalProperties;
  delete schema.unevaluatedProperties;
}

/** @throws `SyntaxError` if it is not a pattern. Some are one only without the flag that the library sets. */
function isUnicodePattern(pattern: string): boolean {
  try {
    return new RegExp(pattern, 'u').unicode;
  } catch {
    return new RegExp(pattern).unicode;
  }
}

function draftOf(dialect: unknown): SchemaDraft {
  if (typeof dialect !== 'string') return '2020-12';
  if (/draft-0?4/.test(dialect)) return '4';
  if (/draft-0?[67]/.test(dialect)) return '7';
  return dialect.includes('2019-09') ? '2019-09' : '2020-12';
}

/** The path that a JSON pointer names: `#/a/0` is `['a', 0]`. */
function pathOf(pointer: string): (string | number)[] {
  const steps = pointer.split('/').slice(1);
  return steps.map((step) => {
    const name = step.replaceAll('~1', '/').replaceAll('~0', '~');
    return /^\d+$/.test(name) ? Number(name) : name;
  });
}
