import type { StandardSchemaV1 } from '@standard-schema/spec';
import type { Progress } from '../../notification/progressOf';
import type { CallToolResult, ProgressToken, Task } from '../../protocol/types';
import { isValidateOutput, type ValidateOutput } from '../connection/validateOutput';
import {
  assertObject,
  assertOptions,
  hasMethods,
  isAtLeast,
  isFunction,
  isToken,
  type Validators,
} from '../../util/options';
import { assertStandardSchema } from '../../util/standardSchema';

/** Options for a call. Read when the call is made. If an option is invalid, the call fails with a `ConfigError`. */
export interface CallOptions {
  /**
   * Aborting the signal cancels the call, here and on the server. The call fails with a `RequestCancelledError`.
   * Default: none.
   */
  signal?: AbortSignal | undefined;
  /**
   * The timeout for the response, in milliseconds. When it expires, the call fails with a `RequestTimeoutError` and is
   * cancelled on the server. Progress restarts the timeout. Waiting for a connection counts. While the server waits for
   * this client to answer a request that belongs to the call, for example an elicitation, the timeout is paused.
   * Default: the session's `timeout`, or 60,000.
   */
  timeout?: number | undefined;
  /**
   * The timeout for the whole call, in milliseconds, regardless of progress and pauses. Default: the session's
   * `maxTotalTimeout`, or no limit.
   */
  maxTotalTimeout?: number | undefined;
  /**
   * The progress token of the call, for use with `progressOf`. Must be unique among the pending calls. Default: a
   * generated token.
   */
  progressToken?: ProgressToken | undefined;
  /**
   * Members to add to the request's `_meta`, for example a `traceparent`. They take precedence over those of the
   * session's `meta` option. Default: none.
   */
  meta?: Record<string, unknown> | undefined;
  /**
   * Whether the result of a tool call is validated against the tool's output schema. Default: the session's
   * `validateOutput`.
   */
  validateOutput?: ValidateOutput | undefined;
}

/** Options for a tool call. */
export interface CallToolOptions<S extends StandardSchemaV1 = StandardSchemaV1> extends CallOptions {
  /**
   * Called with each progress notification of the call. If it throws or rejects, `errors$` emits a `HandlerError`, and
   * the call continues. Default: none.
   */
  onProgress?: ((progress: Progress) => unknown) | undefined;
  /**
   * A schema for `structuredContent`, from any [Standard Schema](https://standardschema.dev) library. The result then
   * contains the parsed value, with the schema's type. If the value does not match, or the result has `isError: true`,
   * the call fails with an `InvalidResultError`, whose `result` is the received result. Default: none.
   */
  output?: S | undefined;
  /**
   * Asks the server to run the call as a task, and to keep the result for `ttl` milliseconds. A tool that requires a
   * task is called as a task even without this option. Default: not requested.
   *
   * @see https://modelcontextprotocol.io/specification/2025-11-25/basic/utilities/tasks
   */
  task?:
    | {
        /** How long the server keeps the result, in milliseconds. Default: the server's choice. */
        ttl?: number | undefined;
      }
    | undefined;
}

/** The result of a tool whose `structuredContent` matches a schema. */
export type ToolResultOf<S extends StandardSchemaV1> = UnstructuredResult & {
  /** The output of the schema. */
  structuredContent: StandardSchemaV1.InferOutput<S>;
};

/** An interface instead of a type alias, so that editors show its name instead of its members. */
interface UnstructuredResult extends WithoutStructuredContent {}

type WithoutStructuredContent = {
  [K in keyof CallToolResult as K extends 'structuredContent' ? never : K]: CallToolResult[K];
};

/** An event of a call, discriminated by `kind`: any number of `progress` and `task` events, then one `result`. */
export type CallEvent<R> =
  | ({ kind: 'progress' } & Progress)
  | {
      kind: 'task';
      /** The current state of the task. */
      task: Task;
    }
  | { kind: 'result'; result: R };

/** Validators for {@link CallOptions}. */
export const callChecks: Validators = {
  timeout: isAtLeast(0),
  maxTotalTimeout: isAtLeast(0),
  signal: hasMethods('an AbortSignal', 'addEventListener'),
  progressToken: isToken,
  meta: assertObject,
  validateOutput: isValidateOutput,
};

/** Validators for {@link CallToolOptions}. */
export const callToolChecks: Validators = {
  ...callChecks,
  onProgress: isFunction,
  output: assertStandardSchema,
  task: (value, path) => assertOptions(value, { ttl: isAtLeast(0) }, path),
};
