import type { ObservableInput, Observable } from 'rxjs';
import { defer, from, switchMap } from 'rxjs';
import type { CallToolResult, Tool } from '../protocol/types';
import { isObject } from '../util/isObject';
import type { CallContext } from './callContext';
import type { CallOutput } from './callOutput';
import { compileSchema, type CompiledSchema, type OutputOf, type Schema } from './schema';
import { deferValue } from './toObservable';

/** Options for {@link tool}. */
export interface ToolOptions<I extends Schema = Schema> extends Pick<
  Tool,
  'title' | 'description' | 'annotations' | 'icons' | '_meta'
> {
  /** Arguments are validated against it and passed on as it parses them. Default: any object, passed on as it came. */
  input?: I;
  /** `structuredContent` is validated against it. */
  output?: Schema;
  /** Milliseconds that a call may take; then its result is an error. Default: no limit. */
  timeout?: number;
}

/** A tool, made by {@link tool}. */
export interface ToolDefinition {
  /** The tool as it is listed. */
  readonly listing: Tool;
  readonly timeout: number | undefined;
  /** Validates the arguments and runs the tool. Cold. */
  run$(args: unknown, ctx: CallContext): Observable<unknown>;
  /** The result of a call whose last value was `value`. Rejects when the output does not fit its schema. */
  resultOf(value: unknown): Promise<CallToolResult>;
}

/**
 * A tool. `project` runs once per call, when the call arrives; unsubscribing cancels it. It returns an Observable, a promise, an
 * async generator or a value of `CallOutput`s: progress, logs and notifications are sent as they come; the last other value is
 * the result. A string is text; an object with `content` is used as it is; any other object is `structuredContent`.
 *
 * A `ServerError` becomes a JSON-RPC error; any other error a result with `isError` and its message.
 *
 * @throws `ConfigError` if a schema cannot be converted to JSON Schema.
 * @example
 * tool('add', { input: z.object({ a: z.number(), b: z.number() }) }, ({ a, b }) => String(a + b));
 *
 * @see https://modelcontextprotocol.io/specification/2025-11-25/server/tools
 */
export function tool<I extends Schema = Record<string, unknown>>(
  name: string,
  options: ToolOptions<I>,
  project: (args: OutputOf<I>, ctx: CallContext) => ObservableInput<CallOutput> | CallOutput,
): ToolDefinition;
export function tool(
  name: string,
  { input, output, timeout, ...listing }: ToolOptions,
  project: (args: never, ctx: CallContext) => ObservableInput<CallOutput> | CallOutput,
): ToolDefinition {
  const inputSchema = input && compileSchema(input, `tools.${name}.input`);
  const outputSchema = output && compileSchema(output, `tools.${name}.output`, 'output');
  return {
    listing: {
      name,
      ...listing,
      inputSchema: { type: 'object', ...inputSchema?.json },
      ...(outputSchema && { outputSchema: { type: 'object', ...outputSchema.json } }),
    },
    timeout,
    run$: (args = {}, ctx) =>
      defer(() => parseArguments(name, inputSchema, args)).pipe(
        switchMap((parsed) => deferValue(() => project(parsed, ctx))),
      ),
    resultOf: (value) => toResult(name, value, outputSchema),
  };
}

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
  if (!isObject(value)) return { content: value === undefined ? [] : [{ type: 'text', text: textOf(value) }] };
  const result = isResult(value)
    ? value
    : { content: [{ type: 'text' as const, text: JSON.stringify(value) }], structuredContent: value };
  if (!output || result.isError || result.structuredContent === undefined) return result;
  const parsed = await output.parse(result.structuredContent).catch((cause: unknown) => {
    throw new OutputError(`${name}: invalid output (${cause instanceof Error ? cause.message : String(cause)})`, {
      cause,
    });
  });
  return isObject(parsed) ? { ...result, structuredContent: parsed } : result;
}

/** A tool's output does not fit its schema. */
export class OutputError extends Error {}

function isResult(value: object): value is CallToolResult {
  return 'content' in value && Array.isArray(value.content);
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
