import type { StandardSchemaV1 } from '@standard-schema/spec';
import type { Progress } from '../../notification/progressOf';
import type { CallToolResult, ProgressToken, Task } from '../../protocol/types';
import { isValidateOutput, type ValidateOutput } from '../connection/validateOutput';
import {
  assertObject,
  assertOptions,
  check,
  hasMethods,
  isAtLeast,
  isFunction,
  type Validators,
} from '../../util/options';
import { assertStandardSchema } from '../../util/standardSchema';

/** Options for a call. Read on subscription. Invalid options fail the call with a `ConfigError`. */
export interface CallOptions {
  /** Cancels the call, here and on the server. The call fails with a `RequestCancelledError`. */
  signal?: AbortSignal | undefined;
  /**
   * The maximum time without a response, in milliseconds. After it, the call fails with a `RequestTimeoutError` and is cancelled
   * on the server. The time spent waiting for a connection counts, and progress restarts the timeout. The timeout is paused while
   * the call waits for this client to answer a server request, for example an elicitation. Default: the session's `timeout`, or
   * 60,000.
   */
  timeout?: number | undefined;
  /**
   * The maximum time for the whole call, in milliseconds, regardless of progress. Default: the session's `maxTotalTimeout`, or no
   * limit.
   */
  maxTotalTimeout?: number | undefined;
  /** The progress token, for use with `progressOf`. Default: a unique one per call. */
  progressToken?: ProgressToken | undefined;
  /** Merged into the request's `_meta`, for example a `traceparent`. Overrides the session's `meta`. Default: none. */
  meta?: Record<string, unknown> | undefined;
  /**
   * Whether the result of a tool is validated against its output schema. Default: the session's `validateOutput`.
   */
  validateOutput?: ValidateOutput | undefined;
}

/** Options for a tool call. */
export interface CallToolOptions<S extends StandardSchemaV1 = StandardSchemaV1> extends CallOptions {
  /** Called with each progress notification of the call. An exception is emitted on `errors$` as a `HandlerError`. */
  onProgress?: ((progress: Progress) => unknown) | undefined;
  /**
   * A schema for `structuredContent`, of any Standard Schema library. The result contains the parsed value, typed. If the value
   * does not match, or the tool reports an error instead, the call fails with an `InvalidResultError` that contains the result.
   */
  output?: S | undefined;
  /**
   * Requests that the server runs the call as a task and keeps the result for `ttl` milliseconds. If the tool requires a task, the
   * call is resent as a task even without this option. Default: not requested.
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
  /** The value as parsed by the schema. */
  structuredContent: StandardSchemaV1.InferOutput<S>;
};

/** A named interface, so that an editor shows its name instead of its members. */
interface UnstructuredResult extends WithoutStructuredContent {}

type WithoutStructuredContent = {
  [K in keyof CallToolResult as K extends 'structuredContent' ? never : K]: CallToolResult[K];
};

/** An event of a call, discriminated by `kind`: any number of progress and task states, then one result. */
export type CallEvent<R> =
  | ({ kind: 'progress' } & Progress)
  | {
      kind: 'task';
      /** The state of the task. */
      task: Task;
    }
  | { kind: 'result'; result: R };

/** Validators for {@link CallOptions}. */
export const callChecks: Validators = {
  timeout: isAtLeast(0),
  maxTotalTimeout: isAtLeast(0),
  signal: hasMethods('an AbortSignal', 'addEventListener'),
  progressToken: check('a string or an integer', (value) => typeof value === 'string' || Number.isInteger(value)),
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
