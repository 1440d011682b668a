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

/** Options for {@link tool}. Read when the tool is created. */
export interface ToolOptions<I extends Schema = Schema, O extends Schema = Schema> extends Pick<
  Tool,
  'title' | 'description' | 'annotations' | 'icons' | '_meta'
> {
  /** A schema for the arguments. `project` receives the parsed arguments. Default: any object is accepted. */
  input?: (I & NotShape<I>) | undefined;
  /** A schema for `structuredContent`. The result of each call is validated. Default: not validated. */
  output?: (O & NotShape<O>) | undefined;
  /**
   * Timeout for a call, in milliseconds. When it expires, the call is cancelled, and its result has `isError: true`.
   * Default: no timeout.
   */
  timeout?: number | undefined;
}

/**
 * The values that a tool may emit. If `output` is a Standard Schema, the result must be an input of that schema or a
 * `CallToolResult`.
 */
export type ToolOutput<O extends Schema = Record<string, unknown>> = [O] extends [StandardSchemaV1]
  ? MessageOutput | CallToolResult | StandardSchemaV1.InferInput<O>
  : CallOutput;

/** A tool of a server. Created by {@link tool}. */
export interface ToolDefinition {
  /** The tool as clients see it in `tools/list`. */
  readonly listing: Tool;
  /** Timeout for a call, in milliseconds. `undefined` for no timeout. */
  readonly timeout: number | undefined;
  /** Validates the arguments and runs the tool. Emits the tool's outputs. Cold. */
  run$(args: unknown, ctx: CallContext): Observable<unknown>;
  /** Converts the last value of a call to a result. Rejects if the value does not match the output schema. */
  resultOf(value: unknown): Promise<CallToolResult>;
}

/**
 * Creates a tool. `project` is called once per call and subscribed to immediately. If the client cancels the call, it
 * is unsubscribed from.
 *
 * Progress, log messages and notifications are sent as they are emitted. The last other value is the result. A string
 * becomes text, an object with `content` is used as the result, and any other object becomes `structuredContent`.
 *
 * If `project` errors with a `ServerError`, the client receives a JSON-RPC error. For any other error, the client
 * receives a result with `isError: true` and the message of the error.
 *
 * @param name - the name of the tool, unique within the server.
 * @param options - the description, the schemas and the timeout of the tool.
 * @param project - receives the parsed arguments and the context of a call. Returns the outputs as an Observable, a
 *   promise, a generator or one value.
 * @throws `ConfigError` if an option is invalid or a schema cannot be converted to JSON Schema.
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
    // Check again, because a schema may transform the output.
    assertJson(parsed, 'structuredContent');
    return isObject(parsed) ? { ...result, structuredContent: parsed } : result;
  } catch (cause) {
    throw new OutputError(`${name}: invalid output (${reasonOf(cause).message})`, { cause });
  }
}

/** The output of a handler is not JSON or does not match its schema. */
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
