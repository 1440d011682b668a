import { loggingLevels } from '../../notification/notificationMap';
import {
  assertMembers,
  assertObject,
  hasStrings,
  isNonEmptyString,
  isOneOf,
  isRecordOf,
  isString,
  type Validator,
  type Validators,
} from '../../util/options';

/**
 * Validates a request or notification of the caller before it is sent. Params of custom methods may be any object.
 *
 * @throws `ConfigError` if the method is not a non-empty string, or the params are invalid for the method.
 */
export function assertRequest({ method, params }: { method: string; params?: unknown }): void {
  isNonEmptyString(method, 'method');
  const checks = paramChecks.get(method);
  if (params !== undefined || checks) assertObject(params, 'params');
  for (const name in checks) checks[name]?.(Reflect.get(Object(params), name), `params.${name}`);
}

const optional =
  (validator: Validator): Validator =>
  (value, path) => {
    if (value !== undefined) validator(value, path);
  };

const isReference: Validator = (value, path) => {
  hasStrings('type')(value, path);
  assertMembers(value, { name: isString, uri: isString }, path);
};

/**
 * Validators for the params of the protocol's requests, by method. For a missing member, the validator is called with
 * `undefined`.
 */
const paramChecks = new Map<string, Validators>([
  ['tools/call', { name: isString, arguments: optional(assertObject) }],
  ['prompts/get', { name: isString, arguments: optional(isRecordOf(isString)) }],
  ['resources/read', { uri: isString }],
  ['resources/subscribe', { uri: isString }],
  ['resources/unsubscribe', { uri: isString }],
  ['completion/complete', { ref: isReference, argument: hasStrings('name', 'value') }],
  ['logging/setLevel', { level: isOneOf(...loggingLevels) }],
]);
