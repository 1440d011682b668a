import { isNotification, isRequest } from '../../protocol/message';

/** The maximum length of a name in an error message, in characters. */
const maxNameLength = 100;

/** The member of the params that contains the target of a request, by method. */
const targets = new Map([
  ['tools/call', 'name'],
  ['prompts/get', 'name'],
  ['resources/read', 'uri'],
  ['resources/subscribe', 'uri'],
  ['resources/unsubscribe', 'uri'],
]);

/** Matches the parts of a URI that may contain secrets: credentials, query and fragment. */
const secrets = /(?<=^[^/?#]*:\/\/)[^/?#]*@|[?#].*$/gs;

/** Returns the prefix of a message's errors: the method, and the name of the tool or prompt, or the URI without secrets. */
export function operationOf(message: unknown): string {
  if (!isRequest(message) && !isNotification(message)) return 'responding';
  const { method, params } = message;
  const target = targets.get(method);
  const name = target === undefined ? undefined : params?.[target];
  if (typeof name !== 'string') return method;
  const safe = target === 'uri' ? name.replace(secrets, '') : name;
  const shown = safe.length > maxNameLength ? `${safe.slice(0, maxNameLength - 1)}…` : safe;
  return `${method} ${JSON.stringify(shown)}`;
}
