import { isObject } from './isObject';

/** Match the parts of platform messages that quote a header, a URL or an argument, which may be secrets. */
const quotes = [/(?<=: )".*" is an (?=invalid header)/s, /(?<=includes credentials): .*/s, /(?<=\.) Received .*/s];

/**
 * Matches an OpenSSL message. Captures the library and the reason, which are surrounded by numbers and source
 * locations.
 */
const openSsl = /^[\dA-F]+:error:[\dA-F]+:(.*?) routines:.*?:(.*?):.*/s;

/** The error code that OpenSSL reports if the response does not use TLS. */
const notTls = 'ERR_SSL_WRONG_VERSION_NUMBER';

/** The message of Node's `fetch` if the server closes the connection before responding. */
const closedByServer = 'other side closed';

/** The reason for an error, without secrets. */
interface Reason {
  message: string;
  code?: unknown;
  /** The error, for use as a `cause`. Absent if its message may quote a secret. */
  shown?: unknown;
}

/**
 * Returns the innermost reason of an error. For example, `fetch` rejects with "fetch failed", and the reason is in
 * `cause`. Checks the shape of an error instead of its class, because in test runners, platform errors often come from
 * another realm.
 */
export function reasonOf(error: unknown): Reason {
  if (!isObject(error) || typeof error['message'] !== 'string') return { message: String(error), shown: error };
  const { cause, code, name, message } = error;
  if (isObject(cause) && typeof cause['message'] === 'string') {
    const reason = reasonOf(cause);
    return { ...reason, shown: reason.shown && error };
  }
  const redacted = quotes.reduce((text, quote) => text.replace(quote, ''), message);
  const shown = redacted === message ? error : undefined;
  return { message: readable(redacted, code) || (typeof code === 'string' ? code : String(name)), code, shown };
}

function readable(message: string, code: unknown): string {
  if (message === closedByServer) return 'the server closed the connection';
  const text = message.replace(openSsl, '$1: $2');
  return code === notTls ? `${text}; the server may not support https` : text;
}
