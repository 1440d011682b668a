/** The characters that separate a resource's URI from the rest of a sub-resource's URI. */
const separators = /[/?#]/g;

/** Longer URIs, in characters, match only as a whole, so that a hostile URI cannot use up CPU time. */
const maxLength = 8_192;
/** The maximum number of keys of one resource. If there are more, those of the outermost ancestors are kept. */
const maxDepth = 128;

const hasHost = /^(?:https?|wss?|ftp):/i;

/** The default ports of the schemes with a host. Their hosts are not case-sensitive. */
const defaultPorts = new Map([
  ['http:', ':80'],
  ['https:', ':443'],
  ['ws:', ':80'],
  ['wss:', ':443'],
  ['ftp:', ':21'],
]);

/**
 * Returns a key that is equal for equal URIs: those that differ only in the case of percent-encoded bytes and, in schemes with a
 * host, in the case of scheme and host or an explicit default port.
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

/** Returns a resource's own key and the keys that it is a sub-resource of: each prefix that ends at or before a separator. */
export function ancestorKeys(key: string): Set<string> {
  const keys = new Set([key]);
  if (key.length > maxLength) return keys;
  for (const { index } of key.matchAll(separators)) {
    if (keys.size > maxDepth) break;
    keys.add(key.slice(0, index)).add(key.slice(0, index + 1));
  }
  return keys;
}
