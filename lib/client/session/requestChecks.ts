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
 * Validates a request or notification of the caller before it is sent. The params of custom methods may be any object.
 *
 * @throws `ConfigError` if the method is not a name, or the params do not fit the method.
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

/** Validators for the params of the protocol's requests, by method. The validator of a missing member receives `undefined`. */
const paramChecks = new Map<string, Validators>([
  ['tools/call', { name: isString, arguments: optional(assertObject) }],
  ['prompts/get', { name: isString, arguments: optional(isRecordOf(isString)) }],
  ['resources/read', { uri: isString }],
  ['resources/subscribe', { uri: isString }],
  ['resources/unsubscribe', { uri: isString }],
  ['completion/complete', { ref: isReference, argument: hasStrings('name', 'value') }],
  ['logging/setLevel', { level: isOneOf(...loggingLevels) }],
]);
