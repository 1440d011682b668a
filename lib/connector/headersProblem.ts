/** What a header's name is made of. */
const token = /^[\w!#$%&'*+.^`|~-]+$/;

/** What is wrong with headers, if anything is; never with a value in it, which may be a secret. */
export function headersProblem(headers: unknown): string | undefined {
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
