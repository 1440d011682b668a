/** Truncates a peer's text. */
export const cut = (text: string, maxLength: number): string =>
  text.length > maxLength ? `${text.slice(0, maxLength)}…` : text;

/** The number of levels that are shown, so that a peer cannot determine the depth of the recursion. */
const maxDepth = 8;

/** Formats params on one line as `name: value`, without the braces and quotes of JSON. */
export const membersOf = (params: object, depth = 0): string =>
  Object.entries(params)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => `${name}: ${inline(value, depth + 1)}`)
    .join(', ');

function inline(value: unknown, depth: number): string {
  if (typeof value !== 'object' || value === null) return String(value);
  if (depth > maxDepth) return '…';
  if (Array.isArray(value)) return `[${value.map((item) => inline(item, depth + 1)).join(', ')}]`;
  return `(${membersOf(value, depth)})`;
}

/** Formats params with one member per line, indented by level. */
export function linesOf(params: object, depth = 0): string {
  const indent = '  '.repeat(depth);
  return Object.entries(params)
    .map(([name, value]: [string, unknown]) => {
      const label = Array.isArray(params) ? '-' : `${name}:`;
      const isNested = typeof value === 'object' && value !== null && Object.keys(value).length > 0;
      if (isNested && depth < maxDepth) return `${indent}${label}\n${linesOf(value, depth + 1)}`;
      return `${indent}${label} ${inline(value, depth + 1)}`;
    })
    .join('\n');
}

/** Replaces a JSON body in an error message by the message inside it. */
export function readable(message: string): string {
  const start = message.indexOf('{');
  if (start < 0) return message;
  const inner = messageIn(message.slice(start));
  return inner === undefined ? message : `${message.slice(0, start)}${inner}`;
}

function messageIn(json: string): string | undefined {
  try {
    const { error, message } = JSON.parse(json) as { error?: { message?: unknown }; message?: unknown };
    const found = error?.message ?? message;
    return typeof found === 'string' ? found : undefined;
  } catch {
    return undefined;
  }
}
