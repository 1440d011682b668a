import { UriTemplate } from '@modelcontextprotocol/server';
import { isObservable, type Observable, type ObservableInput } from 'rxjs';
import { ConfigError } from '../errors';
import type { ReadResourceResult, Resource, ResourceTemplate } from '../protocol/types';
import { assertJson } from '../util/assertJson';
import { deferValue } from '../util/deferValue';
import { isObject } from '../util/isObject';
import { reasonOf } from '../util/reasonOf';
import {
  assertObject,
  assertOptions,
  check,
  isArrayOf,
  isAtLeast,
  isString,
  isUri,
  type Validators,
} from '../util/options';
import type { CallContext } from './callContext';

/** Options for {@link resource}. Read when the resource is created. */
export interface ResourceOptions extends Omit<Partial<Resource>, 'uri' | 'name'> {
  /** The name of the resource. Default: its URI. */
  name?: string | undefined;
}

/**
 * The contents of a resource: text, bytes, one or several `contents` items of the protocol, or a complete
 * `ReadResourceResult`. Any other object is sent as JSON.
 */
export type Contents = string | Uint8Array | object;

/** The values of the variables of a URI template, by name. */
export type Variables = Record<string, string | string[]>;

/** A resource or resource template of a server. Created by {@link resource}. */
export interface ResourceDefinition {
  /** The resource as clients see it in `resources/list`, or the template as in `resources/templates/list`. */
  readonly listing: Resource | ResourceTemplate;
  /** Whether the source is subscribed to once per caller. `true` if its function takes the context. */
  readonly isPerCaller: boolean;
  /**
   * Returns the values of the template's variables in a URI. Returns `undefined` if the URI does not belong to this
   * resource.
   */
  match(uri: string): Variables | undefined;
  /** Returns the source for one URI. Cold. */
  open$(variables: Variables, ctx: CallContext): Observable<Contents>;
  /** Converts a value of the source to the result of reading a URI. */
  resultOf(uri: string, value: unknown): ReadResourceResult;
}

/**
 * Creates a resource whose contents are a stream. A read returns the latest value, or waits for the first one. When a
 * value differs from the previous one, subscribed clients receive a `notifications/resources/updated`.
 *
 * All clients share one subscription to the source, which lasts while a client is subscribed to the resource or a read
 * is pending. After the source has completed, its last value remains readable.
 *
 * @param uri - the URI of the resource, or a URI template such as `room://{id}`.
 * @param options - the name, description and other listed members of the resource.
 * @param source$ - the stream, or a function that returns it for given values of the template's variables. If the
 *   function takes a second parameter, the context, its stream is subscribed to once per caller.
 * @throws `ConfigError` if the URI has no scheme, the template is invalid, or an option is invalid.
 *
 * @example
 * resource('live://load', { mimeType: 'application/json' }, interval(1000).pipe(map(() => ({ load: os.loadavg() }))));
 *
 * @see https://modelcontextprotocol.io/specification/2025-11-25/server/resources
 */
export function resource(
  uri: string,
  options: ResourceOptions,
  source$: Observable<Contents> | ((variables: Variables, ctx: CallContext) => ObservableInput<Contents> | Contents),
): ResourceDefinition {
  isUri(uri, 'resource.uri');
  assertOptions(options, optionChecks, `resources.${uri}`);
  isSource(source$, `resources.${uri}.source$`);
  const { name = uri, ...members } = options;
  const template = uri.includes('{') ? templateOf(uri) : undefined;
  const listing = template ? { uriTemplate: uri, name, ...members } : { uri, name, ...members };
  assertJson(listing, `resources.${uri}`);
  return {
    listing,
    isPerCaller: !isObservable(source$) && source$.length > 1,
    match: (candidate) => (template ? (template.match(candidate) ?? undefined) : candidate === uri ? {} : undefined),
    open$: (variables, ctx) => (isObservable(source$) ? source$ : deferValue(() => source$(variables, ctx))),
    resultOf: (read, value) => ({ contents: contentsOf(read, value, options.mimeType) }),
  };
}

function templateOf(uri: string): UriTemplate {
  try {
    return new UriTemplate(uri);
  } catch (cause) {
    const message = `resource.uri: invalid URI template (${reasonOf(cause).message})`;
    throw new ConfigError(message, { path: 'resource.uri', cause });
  }
}

const isSource = check('an Observable or a function', (value) => isObservable(value) || typeof value === 'function');

const optionChecks: Validators = {
  name: isString,
  title: isString,
  description: isString,
  mimeType: isString,
  size: isAtLeast(0),
  annotations: assertObject,
  icons: isArrayOf(assertObject),
  _meta: assertObject,
};

type Content = ReadResourceResult['contents'][number];

function contentsOf(uri: string, value: unknown, mimeType: string | undefined): Content[] {
  const type = mimeType === undefined ? {} : { mimeType };
  if (typeof value === 'string') return [{ uri, ...type, text: value }];
  if (value instanceof Uint8Array) return [{ uri, ...type, blob: base64(value) }];
  if (Array.isArray(value)) return value.flatMap((item) => contentsOf(uri, item, mimeType));
  if (isObject(value)) {
    if (Array.isArray(value['contents'])) return contentsOf(uri, value['contents'], mimeType);
    if (typeof value['text'] === 'string') return [{ uri, ...type, ...value, text: value['text'] }];
    if (typeof value['blob'] === 'string') return [{ uri, ...type, ...value, blob: value['blob'] }];
  }
  assertJson(value, uri);
  return [{ uri, mimeType: mimeType ?? 'application/json', text: JSON.stringify(value) }];
}

function base64(bytes: Uint8Array): string {
  let binary = '';
  for (const byte of bytes) binary += String.fromCharCode(byte);
  return btoa(binary);
}
