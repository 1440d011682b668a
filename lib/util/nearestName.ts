/** The minimum length of a known name to suggest it for a longer name that begins with it. */
const minPrefixLength = 4;

/**
 * Returns the known name that is closest to a misspelled name, for suggestions in error messages. If there is none,
 * returns a known name that the other name begins with, for example `input` for `inputSchema`.
 *
 * @returns `undefined` if each known name differs in more than a third of its letters, and the other name begins with
 *   none.
 */
export function nearestName(name: string, known: Iterable<string>): string | undefined {
  let nearest: string | undefined;
  let smallest = Infinity;
  let prefix: string | undefined;
  for (const candidate of known) {
    const distance = editDistance(name.toLowerCase(), candidate.toLowerCase());
    if (distance < smallest && distance <= Math.max(2, candidate.length / 3) && distance < candidate.length) {
      nearest = candidate;
      smallest = distance;
    }
    const isPrefix = name.toLowerCase().startsWith(candidate.toLowerCase());
    if (isPrefix && candidate.length >= minPrefixLength) prefix = candidate;
  }
  return nearest ?? prefix;
}

/** The maximum number of letters in which a misspelled name differs. */
const maxTypos = 2;

/**
 * Returns the known name that differs in at most two letters, or in the case of letters. Intended for long names: many
 * words differ from a short name in two letters.
 */
export function misspelledName(name: string, known: Iterable<string>): string | undefined {
  const nearest = nearestName(name, known);
  if (nearest === undefined || nearest === name) return undefined;
  return editDistance(name.toLowerCase(), nearest.toLowerCase()) <= maxTypos ? nearest : undefined;
}

/** Returns a suggestion to append to an error message, or an empty string if there is none. */
export function didYouMean(name: string, known: Iterable<string>): string {
  const nearest = nearestName(name, known);
  return nearest === undefined ? '' : `; did you mean ${JSON.stringify(nearest)}?`;
}

/** The maximum length of a name to compare, in characters. Limits the work that a hostile name can cause. */
const maxLength = 100;

/** Counts the insertions, deletions and replacements that turn one word into the other (Levenshtein). */
function editDistance(one: string, other: string): number {
  if (one.length > maxLength || other.length > maxLength) return Infinity;
  const otherLetters = Array.from(other);
  let row = [0, ...otherLetters.map((_, index) => index + 1)];
  for (const [index, letter] of Array.from(one).entries()) {
    const next = [index + 1];
    for (const [column, otherLetter] of otherLetters.entries()) {
      const replaced = (row[column] ?? 0) + (letter === otherLetter ? 0 : 1);
      next.push(Math.min(replaced, (row[column + 1] ?? 0) + 1, (next[column] ?? 0) + 1));
    }
    row = next;
  }
  return row[otherLetters.length] ?? 0;
}
