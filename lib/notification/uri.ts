/** Matches the characters that may follow a resource's URI in the URI of a sub-resource. */
const separators = /[/?#]/g;

/**
 * The maximum length of a URI that is matched to its ancestors, in characters. Limits the work that a hostile URI can
 * cause.
 */
const maxLength = 8_192;
/** The maximum number of ancestor keys of one resource. If there are more, the outermost ones are used. */
const maxDepth = 128;

/** The schemes whose URIs the platform normalizes. */
const hasHost = /^(?:https?|wss?|ftp):/i;

/**
 * Returns a key that is the same for equivalent URIs. Normalizes the case of percent-encoded bytes. With `http:` and other schemes
 * with a host, also normalizes the scheme, the host, an explicit default port and the path.
 */
export function uriKey(uri: string): string {
  const encoded = uri.includes('%') ? uri.replace(/%[\da-f]{2}/gi, (byte) => byte.toUpperCase()) : uri;
  return hasHost.test(encoded) && URL.canParse(encoded) ? new URL(encoded).href : encoded;
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
