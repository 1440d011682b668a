import type { StandardSchemaV1 } from '@standard-schema/spec';
import { fromJsonSchema } from '@modelcontextprotocol/server';
import { CfWorkerJsonSchemaValidator } from '@modelcontextprotocol/server/validators/cf-worker';
import { ConfigError } from '../errors';
import { isObject } from '../util/isObject';
import { issuePath } from '../util/issuePath';
import { reasonOf } from '../util/reasonOf';
import { isStandardSchema } from '../util/standardSchema';

/** A JSON Schema, as an object. */
export type JsonSchema = Readonly<Record<string, unknown>>;

/**
 * A JSON Schema, or a [Standard Schema](https://standardschema.dev) that can be converted to JSON Schema, such as one
 * of zod 4.2.
 */
export type Schema = StandardSchemaV1 | JsonSchema;

/** The output type of a schema. `Record<string, unknown>` for a JSON Schema and without a schema. */
export type OutputOf<S> = S extends StandardSchemaV1 ? StandardSchemaV1.InferOutput<S> : Record<string, unknown>;

/**
 * Makes passing an object of schemas, which would be accepted as a JSON Schema without keywords, a compile-time error
 * with a message. `unknown` for any other type.
 */
export type NotShape<S> = S extends StandardSchemaV1
  ? unknown
  : [S[keyof S]] extends [never]
    ? unknown
    : [S[keyof S]] extends [StandardSchemaV1]
      ? 'expected a schema, got an object of schemas; use z.object({ … })'
      : unknown;

/** A schema as JSON Schema, for clients, and as a parser. */
export interface CompiledSchema {
  readonly json: JsonSchema;
  /** Resolves with the parsed value. Rejects with an `Error` that lists the issues. */
  parse(value: unknown): Promise<unknown>;
}

/** Validates without generating code, so that it works in edge runtimes and under a strict content security policy. */
export const jsonSchemaValidator = new CfWorkerJsonSchemaValidator();

/**
 * Compiles a schema, which must be of type `object`.
 *
 * @param path - the path of the schema in the options, for error messages.
 * @throws `ConfigError` if the schema cannot be converted to JSON Schema or its type is not `object`.
 */
export function compileSchema(schema: Schema, path: string, io: 'input' | 'output' = 'input'): CompiledSchema {
  const compiled = compile(schema, path, io);
  const { type = 'object' } = compiled.json;
  if (type === 'object') return compiled;
  throw new ConfigError(`${path}: expected a schema of type object, got one of type ${JSON.stringify(type)}`, { path });
}

function compile(schema: Schema, path: string, io: 'input' | 'output'): CompiledSchema {
  if (isStandardSchema(schema)) return { json: jsonSchemaOf(schema, path, io), parse: (value) => parse(schema, value) };
  if (!isObject(schema)) throw new ConfigError(`${path}: expected a Standard Schema or a JSON Schema`, { path });
  const members = Object.values(schema);
  if (members.length > 0 && members.every(isStandardSchema)) {
    throw new ConfigError(`${path}: expected a schema, got an object of schemas; use z.object({ … })`, { path });
  }
  // Compiled on first use, so that an invalid schema fails a call instead of the start of the server.
  let standard: StandardSchemaV1 | undefined;
  return {
    json: schema,
    parse: async (value) => parse((standard ??= fromJsonSchema(schema, jsonSchemaValidator)), value),
  };
}

function jsonSchemaOf(schema: StandardSchemaV1, path: string, io: 'input' | 'output'): JsonSchema {
  const jsonSchema: unknown = Reflect.get(schema['~standard'], 'jsonSchema');
  const convert: unknown = isObject(jsonSchema) ? jsonSchema[io] : undefined;
  if (typeof convert !== 'function') {
    throw new ConfigError(
      `${path}: the schema cannot be converted to JSON Schema; use zod 4.2 or newer, or a JSON Schema`,
      { path },
    );
  }
  try {
    const json: unknown = Reflect.apply(convert, undefined, [{ target: 'draft-2020-12' }]);
    if (isObject(json)) return json['type'] === undefined && io === 'input' ? { type: 'object', ...json } : json;
  } catch (cause) {
    throw new ConfigError(`${path}: converting to JSON Schema failed (${reasonOf(cause).message})`, { path, cause });
  }
  throw new ConfigError(`${path}: the schema was not converted to a JSON Schema object`, { path });
}

async function parse(schema: StandardSchemaV1, value: unknown): Promise<unknown> {
  const result = await schema['~standard'].validate(value);
  if (!result.issues) return result.value;
  throw new Error(result.issues.map(describe).join('; '));
}

function describe(issue: StandardSchemaV1.Issue): string {
  const at = issuePath(issue);
  return at ? `${at}: ${issue.message}` : issue.message;
}
