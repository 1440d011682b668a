import { ConfigError } from '../../errors';
import { assertObject, isFunction, type Validator, isDuration } from '../../util/options';
import { connectorChecks } from '../connection/connector';

/** What the options of an `HttpConnector` have to be. */
export const httpChecks: Readonly<Record<string, Validator>> = {
  ...connectorChecks,
  headers: (headers, path) => {
    const problem = headersProblem(headers);
    if (problem) throw new ConfigError(`${path}: ${problem}`, { path });
  },
  authProvider: assertObject,
  fetch: isFunction,
  watchdog: isDuration('auto', false),
};

/** What is wrong with the URL of a server, if anything is; never with the URL in it, which may hold a secret. */
export function urlProblem(value: unknown): string | undefined {
  const expected = 'expected an http: or https: URL';
  if (typeof value !== 'string' && !(value instanceof URL)) return expected;
  if (!URL.canParse(value)) return expected;
  const { protocol, username, password } = new URL(value);
  if (protocol !== 'http:' && protocol !== 'https:') return expected;
  // `fetch` refuses such a URL, and says it aloud.
  return username || password ? `${expected} without a user and a password: send a header instead` : undefined;
}

/** What a header's name is made of. */
const token = /^[\w!#$%&'*+.^`|~-]+$/;

/** What is wrong with headers, if anything is; never with a value in it, which may be a secret. */
function headersProblem(headers: unknown): string | undefined {
  if (typeof headers !== 'object' || headers === null) return 'expected an object';
  const entries: unknown[] = isIterable(headers) ? [...headers] : Object.entries(headers);
  for (const entry of entries) {
    const [name, value] = isPair(entry) ? entry : [];
    if (typeof name !== 'string' || !token.test(name)) return 'a name that no header can have';
    if (!isValue(value)) return `${name}: a value that no header can have`;
  }
  return undefined;
}

function isIterable(headers: object): headers is Iterable<unknown> {
  return Symbol.iterator in headers;
}

function isPair(entry: unknown): entry is readonly unknown[] {
  return Array.isArray(entry);
}

/** The platform decides: it throws, with the value in what it says. */
function isValue(value: unknown): boolean {
  if (typeof value !== 'string' && typeof value !== 'number' && typeof value !== 'boolean') return false;
  try {
    new Headers({ name: String(value) });
    return true;
  } catch {
    return false;
  }
}
