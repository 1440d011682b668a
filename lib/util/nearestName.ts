/** The minimum length of a known name that is suggested for a longer name that begins with it. */
const minPrefixLength = 4;

/**
 * Returns the known name that is closest to a misspelled one, for suggestions in error messages. If there is none, returns a known
 * name that is the beginning of the other, for example `input` for `inputSchema`.
 *
 * @returns `undefined` if every known name differs in more than a third of its letters, and none is the beginning.
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

/** The maximum number of differing letters in a misspelled name. */
const maxTypos = 2;

/**
 * Returns the known name that a name misspells: the names differ in one or two letters, or in the case of letters. For known names that
 * are long, because a short one differs in two letters from many other words.
 */
export function misspelledName(name: string, known: Iterable<string>): string | undefined {
  const nearest = nearestName(name, known);
  if (nearest === undefined || nearest === name) return undefined;
  return editDistance(name.toLowerCase(), nearest.toLowerCase()) <= maxTypos ? nearest : undefined;
}

/** Formats a suggestion to append to an error message, or returns an empty string if there is none. */
export function didYouMean(name: string, known: Iterable<string>): string {
  const nearest = nearestName(name, known);
  return nearest === undefined ? '' : `; did you mean ${JSON.stringify(nearest)}?`;
}

/** Longer names are not compared letter by letter, so that a hostile name cannot use up CPU time. */
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
