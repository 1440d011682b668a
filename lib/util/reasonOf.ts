import { isObject } from './isObject';

/** Where the platform quotes what it was given: a header, a URL, an argument. It may be a secret. */
const quotes = [/(?<=: )".*" is an (?=invalid header)/s, /(?<=includes credentials): .*/s, /(?<=\.) Received .*/s];

/** Why something failed, as an error may tell it. */
interface Reason {
  message: string;
  code?: unknown;
  /** What may be shown as the cause: nothing, when it quotes what may be a secret. */
  shown?: unknown;
}

/**
 * The innermost reason: `fetch` says "fetch failed", and why only in the error underneath. By shape and not by class: in a
 * test runner, what the platform throws is often of another realm.
 */
export function reasonOf(error: unknown): Reason {
  if (!isObject(error) || typeof error['message'] !== 'string') return { message: String(error), shown: error };
  const { cause, code, name, message } = error;
  if (isObject(cause) && typeof cause['message'] === 'string') {
    const reason = reasonOf(cause);
    return { ...reason, shown: reason.shown && error };
  }
  const told = quotes.reduce((text, quote) => text.replace(quote, ''), message);
  const shown = told === message ? error : undefined;
  return { message: told || (typeof code === 'string' ? code : String(name)), code, shown };
}
