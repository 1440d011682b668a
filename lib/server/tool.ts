import type { StandardSchemaV1 } from '@standard-schema/spec';
import type { ObservableInput, Observable } from 'rxjs';
import { defer, from, switchMap } from 'rxjs';
import type { CallToolResult, Tool } from '../protocol/types';
import { assertJson } from '../util/assertJson';
import { deferValue } from '../util/deferValue';
import { isObject } from '../util/isObject';
import {
  assertObject,
  assertOptions,
  isAnything,
  isArrayOf,
  isAtLeast,
  isFunction,
  isString,
  type Validators,
} from '../util/options';
import { reasonOf } from '../util/reasonOf';
import type { CallContext } from './callContext';
import type { CallOutput, MessageOutput } from './callOutput';
import { compileSchema, type CompiledSchema, type NotShape, type OutputOf, type Schema } from './schema';

/** Options for {@link tool}. */
export interface ToolOptions<I extends Schema = Schema, O extends Schema = Schema> extends Pick<
  Tool,
  'title' | 'description' | 'annotations' | 'icons' | '_meta'
> {
  /** The schema of the arguments. `project` receives the parsed arguments. Default: any object, unmodified. */
  input?: (I & NotShape<I>) | undefined;
  /** The schema of `structuredContent`. Default: not validated. */
  output?: (O & NotShape<O>) | undefined;
  /** The maximum duration of a call in milliseconds, after which its result is an error. Default: no limit. */
  timeout?: number | undefined;
}

/**
 * The values that a tool emits. With a Standard Schema as `output`, the result is an input of that schema, or a
 * `CallToolResult`.
 */
export type ToolOutput<O extends Schema = Record<string, unknown>> = [O] extends [StandardSchemaV1]
  ? MessageOutput | CallToolResult | StandardSchemaV1.InferInput<O>
  : CallOutput;

/** A tool, created by {@link tool}. */
export interface ToolDefinition {
  /** The tool as listed for clients. */
  readonly listing: Tool;
  /** The maximum duration of a call in milliseconds. `undefined` for no limit. */
  readonly timeout: number | undefined;
  /** Validates the arguments and runs the tool. Cold. */
  run$(args: unknown, ctx: CallContext): Observable<unknown>;
  /** Returns the result of a call whose last value was `value`. Rejects if the output does not match its schema. */
  resultOf(value: unknown): Promise<CallToolResult>;
}

/**
 * Creates a tool. `project` runs once per call, when the call arrives; a cancellation unsubscribes from it. It returns an
 * Observable, a promise, an async generator or a value of `CallOutput`s. Progress, logs and notifications are sent as they are
 * emitted, and the last other value is the result: a string becomes text, an object with `content` is used as the result, and any
 * other object becomes `structuredContent`.
 *
 * A `ServerError` becomes a JSON-RPC error. Any other error becomes a result with `isError` and the error's message.
 *
 * @param name - the name, unique in the server.
 * @param options - the description, the schemas and the timeout.
 * @param project - returns the outputs of a call: an Observable, a promise, a generator or one value. Receives the parsed arguments
 * and the context of the call.
 * @throws `ConfigError` if an option is invalid, or a schema cannot be converted to JSON Schema.
 *
 * @example
 * tool('add', { input: z.object({ a: z.number(), b: z.number() }) }, ({ a, b }) => String(a + b));
 *
 * @see https://modelcontextprotocol.io/specification/2025-11-25/server/tools
 */
export function tool<I extends Schema = Record<string, unknown>, O extends Schema = Record<string, unknown>>(
  name: string,
  options: ToolOptions<I, O>,
  project: (args: OutputOf<I>, ctx: CallContext) => ObservableInput<ToolOutput<O>> | ToolOutput<O>,
): ToolDefinition;
export function tool(
  name: string,
  options: ToolOptions,
  project: (args: never, ctx: CallContext) => ObservableInput<CallOutput> | CallOutput,
): ToolDefinition {
  isString(name, 'tool.name');
  assertOptions(options, optionChecks, `tools.${name}`);
  isFunction(project, `tools.${name}.project`);
  const { input, output, timeout, ...listed } = options;
  const inputSchema = input && compileSchema(input, `tools.${name}.input`);
  const outputSchema = output && compileSchema(output, `tools.${name}.output`, 'output');
  const listing: Tool = {
    name,
    ...listed,
    inputSchema: { type: 'object', ...inputSchema?.json },
    ...(outputSchema && { outputSchema: { type: 'object', ...outputSchema.json } }),
  };
  assertJson(listing, `tools.${name}`);
  return {
    listing,
    timeout,
    run$: (args = {}, ctx) =>
      defer(() => parseArguments(name, inputSchema, args)).pipe(
        switchMap((parsed) => deferValue(() => project(parsed, ctx))),
      ),
    resultOf: (value) => toResult(name, value, outputSchema),
  };
}

const optionChecks: Validators = {
  title: isString,
  description: isString,
  annotations: assertObject,
  icons: isArrayOf(assertObject),
  _meta: assertObject,
  // `compileSchema` validates the schemas.
  input: isAnything,
  output: isAnything,
  timeout: isAtLeast(0),
};

function parseArguments(name: string, schema: CompiledSchema | undefined, args: unknown): Observable<never>;
function parseArguments(name: string, schema: CompiledSchema | undefined, args: unknown): Observable<unknown> {
  return schema
    ? from(
        schema.parse(args).catch((cause: unknown) => {
          throw new Error(`${name}: invalid arguments (${cause instanceof Error ? cause.message : String(cause)})`, {
            cause,
          });
        }),
      )
    : from([args]);
}

async function toResult(name: string, value: unknown, output: CompiledSchema | undefined): Promise<CallToolResult> {
  const result = plainResult(value);
  if (!output || result.isError) return result;
  if (result.structuredContent === undefined) throw new OutputError(`${name}: invalid output (expected an object)`);
  try {
    const parsed = await output.parse(result.structuredContent);
    // A schema can transform the output.
    assertJson(parsed, 'structuredContent');
    return isObject(parsed) ? { ...result, structuredContent: parsed } : result;
  } catch (cause) {
    throw new OutputError(`${name}: invalid output (${reasonOf(cause).message})`, { cause });
  }
}

/** The output of a handler is not JSON, or does not match its schema. */
export class OutputError extends Error {}

function plainResult(value: unknown): CallToolResult {
  if (value === undefined) return { content: [] };
  if (isObject(value) && isResult(value)) return value;
  return {
    content: [{ type: 'text', text: typeof value === 'string' ? value : JSON.stringify(value) }],
    ...(isObject(value) && { structuredContent: value }),
  };
}

function isResult(value: object): value is CallToolResult {
  return 'content' in value && Array.isArray(value.content);
}
