/** What a header's name is made of. */
const token = /^[\w!#$%&'*+.^`|~-]+$/;

/** What is wrong with headers, if anything is; never with a value in it, which may be a secret. */
export function headersProblem(headers: HeadersInit): string | undefined {
  const entries = Symbol.iterator in headers ? [...headers] : Object.entries(headers);
  for (const [name = '', value = ''] of entries) {
    if (!token.test(name)) return 'a name that no header can have';
    if (!isValue(value)) return `${name}: a value that no header can have`;
  }
  return undefined;
}

/** The platform decides: it throws, with the value in what it says. */
function isValue(value: string): boolean {
  try {
    new Headers({ name: value });
    return true;
  } catch {
    return false;
  }
}
