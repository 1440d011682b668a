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
