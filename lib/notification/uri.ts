/** Matches the characters that may follow a resource's URI in the URI of a sub-resource. */
const separators = /[/?#]/g;

/**
 * The maximum length of a URI that is matched to its ancestors, in characters. Limits the work that a hostile URI can
 * cause.
 */
const maxLength = 8_192;
/** The maximum number of ancestor keys of one resource. If there are more, the outermost ones are used. */
const maxDepth = 128;

const hasHost = /^(?:https?|wss?|ftp):/i;

/** The default port of each scheme with a host. */
const defaultPorts = new Map([
  ['http:', ':80'],
  ['https:', ':443'],
  ['ws:', ':80'],
  ['wss:', ':443'],
  ['ftp:', ':21'],
]);

/**
 * Returns a key that is the same for equivalent URIs. Normalizes the case of percent-encoded bytes and, for schemes
 * with a host, the case of scheme and host. Removes an explicit default port.
 */
export function uriKey(uri: string): string {
  const encoded = uri.includes('%') ? uri.replace(/%[\da-f]{2}/gi, (byte) => byte.toUpperCase()) : uri;
  if (!hasHost.test(encoded)) return encoded;
  const [, scheme = '', host = '', rest = ''] = /^([a-z]+:)\/\/([^/?#]*)(.*)$/is.exec(encoded) ?? [];
  const port = defaultPorts.get(scheme.toLowerCase());
  if (port === undefined) return encoded;
  const authority = host.toLowerCase();
  return `${scheme.toLowerCase()}//${authority.endsWith(port) ? authority.slice(0, -port.length) : authority}${rest || '/'}`;
}

/**
 * Returns the key of a resource and the keys of its ancestors: each prefix of the key that ends before or after a
 * separator.
 */
export function ancestorKeys(key: string): Set<string> {
  const keys = new Set([key]);
  if (key.length > maxLength) return keys;
  for (const { index } of key.matchAll(separators)) {
    if (keys.size > maxDepth) break;
    keys.add(key.slice(0, index)).add(key.slice(0, index + 1));
  }
  return keys;
}
