import { ConfigError } from '../../errors';
import { check, hasMethods, isFunction, type Validator, isDuration } from '../../util/options';
import { connectorChecks } from '../connection/connector';

/** Validators for `HttpConnectorOptions`. */
export const httpChecks: Readonly<Record<string, Validator>> = {
  ...connectorChecks,
  headers: (headers, path) => {
    const problem = headersProblem(headers);
    if (problem) throw new ConfigError(`${path}: ${problem}`, { path });
  },
  authProvider: hasMethods('an OAuthClientProvider', 'tokens'),
  fetch: isFunction,
  watchdog: isDuration('auto', false),
  listen: check("'always', 'demand' or false", (value) => ['always', 'demand', false].some((mode) => mode === value)),
};

/** Returns the problem of a server's URL, or `undefined` if there is none. Does not quote the URL, which may contain secrets. */
export function urlProblem(value: unknown): string | undefined {
  const expected = 'expected an http: or https: URL';
  if (typeof value !== 'string' && !(value instanceof URL)) return expected;
  if (lacksScheme(value)) return `${expected}; the scheme is missing, did you mean "http://..."?`;
  if (!URL.canParse(value)) return expected;
  const { protocol, username, password } = new URL(value);
  if (protocol !== 'http:' && protocol !== 'https:') return expected;
  // `fetch` rejects such a URL with a message that contains the credentials.
  return username || password ? `${expected} without credentials; use the headers option instead` : undefined;
}

/** Whether a value is the rest of a URL, for example `127.0.0.1:3000/mcp` or `localhost:3000`. */
function lacksScheme(value: string | URL): boolean {
  return typeof value === 'string' && /^[\w.[][\w.:[\]-]*(:\d+|\/|$)/.test(value) && !/^\w+:(?!\d)/.test(value);
}

/** A valid header name. */
const headerName = /^[\w!#$%&'*+.^`|~-]+$/;

/** Returns the problem of headers, or `undefined` if there is none. Does not quote values, which may be secrets. */
function headersProblem(headers: unknown): string | undefined {
  if (typeof headers !== 'object' || headers === null) return 'expected an object';
  const entries: unknown[] = isIterable(headers) ? [...headers] : Object.entries(headers);
  for (const entry of entries) {
    const [name, value] = isPair(entry) ? entry : [];
    if (typeof name !== 'string' || !headerName.test(name)) return 'invalid header name';
    if (!isValue(value)) return `invalid value for header ${name}`;
  }
  return undefined;
}

function isIterable(headers: object): headers is Iterable<unknown> {
  return Symbol.iterator in headers;
}

function isPair(entry: unknown): entry is readonly unknown[] {
  return Array.isArray(entry);
}

/** Whether the platform accepts a header value. The platform's error is dropped because it quotes the value. */
function isValue(value: unknown): boolean {
  if (typeof value !== 'string' && typeof value !== 'number' && typeof value !== 'boolean') return false;
  try {
    new Headers({ name: String(value) });
    return true;
  } catch {
    return false;
  }
}
