import { ConfigError } from '../../errors';
import { assertObject, check, hasMethods, isDuration, isFunction, isOneOf, type Validator } from '../../util/options';
import { connectorChecks } from '../connection/connector';

/** Validators for `HttpConnectorOptions`. */
export const httpChecks: Readonly<Record<string, Validator>> = {
  ...connectorChecks,
  headers: assertHeaders,
  authProvider: hasMethods('an OAuthClientProvider', 'tokens'),
  fetch: isFunction,
  watchdog: isDuration('auto', false),
  listen: isOneOf('always', 'demand', false),
};

/**
 * Describes why a value is not the URL of a server. Returns `undefined` if it is one. Does not quote the URL, which may
 * contain secrets.
 */
export function urlProblem(value: unknown): string | undefined {
  const expected = 'expected an http: or https: URL';
  if (typeof value !== 'string' && !(value instanceof URL)) return expected;
  if (lacksScheme(value)) return `${expected}; the scheme is missing, did you mean "http://..."?`;
  if (!URL.canParse(value)) return expected;
  const { protocol, username, password } = new URL(value);
  if (protocol !== 'http:' && protocol !== 'https:') return expected;
  // Checked here, because `fetch` rejects such a URL with a message that contains the credentials.
  return username || password ? `${expected} without credentials; use the headers option instead` : undefined;
}

/** Whether a value is a URL without its scheme, for example `127.0.0.1:3000/mcp` or `localhost:3000`. */
function lacksScheme(value: string | URL): boolean {
  return typeof value === 'string' && /^[\w.[][\w.:[\]-]*(:\d+|\/|$)/.test(value) && !/^\w+:(?!\d)/.test(value);
}

/** Matches valid header names. */
const headerName = /^[\w!#$%&'*+.^`|~-]+$/;

/** Validates headers. An error contains the name of the invalid header, but not its value, which may be a secret. */
function assertHeaders(headers: unknown, path: string): void {
  const isList = Array.isArray(headers);
  if (!isList) assertObject(headers, path);
  const entries: unknown[] = isList ? headers : isIterable(headers) ? [...headers] : Object.entries(headers);
  for (const entry of entries) {
    const [name, value] = isPair(entry) ? entry : [];
    if (typeof name !== 'string' || !headerName.test(name))
      throw new ConfigError(`${path}: invalid header name`, { path });
    isHeaderValue(value, `${path}.${name}`);
  }
}

function isIterable(headers: object): headers is Iterable<unknown> {
  return Symbol.iterator in headers;
}

function isPair(entry: unknown): entry is readonly unknown[] {
  return Array.isArray(entry);
}

/** Accepts the values that the platform accepts. The platform's own error is dropped, because it quotes the value. */
const isHeaderValue = check('a string without line breaks and with Latin-1 characters only', (value) => {
  if (typeof value !== 'string' && typeof value !== 'number' && typeof value !== 'boolean') return false;
  try {
    new Headers({ name: String(value) });
    return true;
  } catch {
    return false;
  }
});
