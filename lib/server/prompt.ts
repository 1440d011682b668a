import { defer, from, type Observable, type ObservableInput, of, switchMap } from 'rxjs';
import { ServerError } from '../errors';
import { errorCode } from '../protocol/errorCodes';
import type { GetPromptResult, Prompt } from '../protocol/types';
import { assertJson } from '../util/assertJson';
import { deferValue } from '../util/deferValue';
import { isObject } from '../util/isObject';
import {
  assertObject,
  assertOptions,
  isAnything,
  isArrayOf,
  isFunction,
  isString,
  type Validators,
} from '../util/options';
import type { CallContext } from './callContext';
import type { CallOutput } from './callOutput';
import { compileSchema, type JsonSchema, type NotShape, type OutputOf, type Schema } from './schema';

/** Options for {@link prompt}. Read when the prompt is created. */
export interface PromptOptions<A extends Schema = Schema> extends Pick<
  Prompt,
  'title' | 'description' | 'icons' | '_meta'
> {
  /**
   * A schema for the arguments. Clients see each property as an argument of the prompt. Default: the prompt has no
   * arguments.
   */
  args?: (A & NotShape<A>) | undefined;
}

/** A prompt of a server. Created by {@link prompt}. */
export interface PromptDefinition {
  /** The prompt as clients see it in `prompts/list`. */
  readonly listing: Prompt;
  /** Validates the arguments and runs the prompt. Emits the prompt's outputs. Cold. */
  run$(args: unknown, ctx: CallContext): Observable<unknown>;
  /** Converts the last value of a run to a result. */
  resultOf(value: unknown): GetPromptResult;
}

/**
 * Creates a prompt. `project` is called once per request, as for a {@link tool}. The last value is the result: a string
 * becomes one user message, and an object with `messages` is used as the result.
 *
 * @param name - the name, unique in the server.
 * @param options - the description of the prompt, and the schema of its arguments.
 * @param project - receives the parsed arguments and the context of a call. Returns the messages as an Observable, a
 *   promise, a generator or one value.
 * @throws `ConfigError` if an option is invalid, or the schema cannot be converted to JSON Schema.
 *
 * @see https://modelcontextprotocol.io/specification/2025-11-25/server/prompts
 */
export function prompt<A extends Schema = Record<string, unknown>>(
  name: string,
  options: PromptOptions<A>,
  project: (args: OutputOf<A>, ctx: CallContext) => ObservableInput<CallOutput> | CallOutput,
): PromptDefinition;
export function prompt(
  name: string,
  options: PromptOptions,
  project: (args: never, ctx: CallContext) => ObservableInput<CallOutput> | CallOutput,
): PromptDefinition {
  isString(name, 'prompt.name');
  assertOptions(options, optionChecks, `prompts.${name}`);
  isFunction(project, `prompts.${name}.project`);
  const { args, ...listed } = options;
  const schema = args && compileSchema(args, `prompts.${name}.args`);
  const listing: Prompt = { name, ...listed, ...(schema && { arguments: argumentsOf(schema.json) }) };
  assertJson(listing, `prompts.${name}`);

  function parse$(given: unknown): Observable<never>;
  function parse$(given: unknown): Observable<unknown> {
    if (!schema) return of(given);
    return from(
      schema.parse(given).catch((cause: unknown) => {
        const reason = cause instanceof Error ? cause.message : String(cause);
        throw new ServerError(`${name}: invalid arguments (${reason})`, { code: errorCode.invalidParams, cause });
      }),
    );
  }

  return {
    listing,
    run$: (given = {}, ctx) =>
      defer(() => parse$(given)).pipe(switchMap((parsed) => deferValue(() => project(parsed, ctx)))),
    resultOf: (value) => {
      if (isObject(value) && isResult(value)) return value;
      if (typeof value === 'string') return { messages: [{ role: 'user', content: { type: 'text', text: value } }] };
      throw new Error(`${name}: expected a string or an object with messages`);
    },
  };
}

const optionChecks: Validators = {
  title: isString,
  description: isString,
  icons: isArrayOf(assertObject),
  _meta: assertObject,
  // `compileSchema` validates the schema.
  args: isAnything,
};

function argumentsOf({ properties, required }: JsonSchema): Prompt['arguments'] {
  const names = Array.isArray(required) ? required : [];
  return Object.entries(isObject(properties) ? properties : {}).map(([name, property]) => ({
    name,
    ...(isObject(property) && typeof property['description'] === 'string' && { description: property['description'] }),
    required: names.includes(name),
  }));
}

function isResult(value: object): value is GetPromptResult {
  return 'messages' in value && Array.isArray(value.messages);
}
