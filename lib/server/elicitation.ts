import type { Result } from '../protocol/types';
import { isObject } from '../util/isObject';
import { assertObject, assertOptions, hasStrings, isAnything, isString, type Validators } from '../util/options';
import { compileSchema, type NotShape, type OutputOf, type Schema } from './schema';

/** A request for input from the user: a form with a schema, or a URL to visit. */
export type ElicitParams<S extends Schema = Schema> =
  | {
      message: string;
      /** The schema of the form. If it is a Standard Schema, the answer is validated and typed. */
      schema: S & NotShape<S>;
    }
  | {
      message: string;
      /** The URL to visit instead of filling in a form. */
      url: string;
      elicitationId: string;
    };

/** The user's answer to an elicitation request. */
export interface ElicitAnswer<S = Schema> {
  /** The user's decision. */
  readonly action: 'accept' | 'decline' | 'cancel';
  /** The content of the form. Absent if the user did not accept, or was asked to visit a URL. */
  readonly content?: OutputOf<S>;
}

/** Returns the params of the `elicitation/create` request, and a function that parses its result. */
export function elicitation<S extends Schema>(
  params: ElicitParams<S>,
): { request: Record<string, unknown>; read: (result: Result) => Promise<ElicitAnswer<S>> };
export function elicitation(params: ElicitParams): {
  request: Record<string, unknown>;
  read: (result: Result) => Promise<ElicitAnswer>;
} {
  assertParams(params);
  if ('url' in params)
    return { request: { mode: 'url', ...params }, read: (result) => Promise.resolve({ action: actionOf(result) }) };
  const { schema, ...rest } = params;
  const { json, parse } = compileSchema(schema, 'elicit$.schema');
  const { $schema: _, ...requestedSchema } = json;

  async function read(result: Result): Promise<ElicitAnswer> {
    const action = actionOf(result);
    if (action !== 'accept') return { action };
    const content = await parse(result['content'] ?? {});
    return isObject(content) ? { action, content } : { action };
  }
  return { request: { mode: 'form', ...rest, requestedSchema }, read };
}

const common: Validators = { message: isString, mode: isAnything, task: isAnything, _meta: assertObject };
const ofForm: Validators = { ...common, schema: isAnything };
const ofUrl: Validators = { ...common, url: isString, elicitationId: isString };

/** @throws `ConfigError` if a member is unknown, missing or invalid. */
function assertParams(params: ElicitParams): void {
  assertObject(params, 'elicit$');
  const isUrl = 'url' in params;
  assertOptions(params, isUrl ? ofUrl : ofForm, 'elicit$');
  hasStrings('message', ...(isUrl ? ['url', 'elicitationId'] : []))(params, 'elicit$');
}

function actionOf({ action }: Result): ElicitAnswer['action'] {
  if (action === 'accept' || action === 'decline') return action;
  return 'cancel';
}
