import { isObject } from './isObject';

/** Matches parts of platform messages that quote a header, a URL or an argument, which may be secrets. */
const quotes = [/(?<=: )".*" is an (?=invalid header)/s, /(?<=includes credentials): .*/s, /(?<=\.) Received .*/s];

/** Matches a message of OpenSSL, which consists of numbers and places in its source code around the library and the reason. */
const openSsl = /^[\dA-F]+:error:[\dA-F]+:(.*?) routines:.*?:(.*?):.*/s;

/** The code of an error that OpenSSL reports for a response without TLS. */
const notTls = 'ERR_SSL_WRONG_VERSION_NUMBER';

/** The message of Node's `fetch` if the server closes the connection before it has responded. */
const closedByServer = 'other side closed';

/** The reason for a failure, without secrets. */
interface Reason {
  message: string;
  code?: unknown;
  /** The error, unless its message quotes a possible secret. Safe to use as a `cause`. */
  shown?: unknown;
}

/**
 * Returns the innermost reason of an error. `fetch`, for example, rejects with "fetch failed" and puts the reason in `cause`.
 * Checks the shape of an error instead of its class, because in test runners platform errors are often from another realm.
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
