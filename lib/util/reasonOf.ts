import { isObject } from './isObject';

/** Matches parts of platform messages that quote a header, a URL or an argument, which may be secrets. */
const quotes = [/(?<=: )".*" is an (?=invalid header)/s, /(?<=includes credentials): .*/s, /(?<=\.) Received .*/s];

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
  return { message: redacted || (typeof code === 'string' ? code : String(name)), code, shown };
}
