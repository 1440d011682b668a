/** Throws unless two values have the same JSON. */
export function check(what: string, seen: unknown, expected: unknown): void {
  const [is, should] = [JSON.stringify(seen), JSON.stringify(expected)];
  if (is !== should) throw new Error(`${what}: expected ${should}, but it is ${is}`);
}
