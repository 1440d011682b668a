/** The maximum number of steps for matching one string in the worst case. */
const maxSteps = 10_000_000;

interface Group {
  /** Whether the group contains a repetition. */
  repeats: boolean;
  /** Whether the group contains alternatives. */
  alternates: boolean;
}

/**
 * Returns the maximum length of a string that may be matched against a regular expression from a server, in characters.
 * Returns 0 if the number of steps may grow exponentially with the length.
 */
export function maxMatchLength(pattern: string): number {
  const degree = degreeOf(pattern);
  return degree === Infinity ? 0 : Math.floor(maxSteps ** (1 / degree));
}

/** Returns the number of steps for matching a string of a length in the worst case. */
export function matchSteps(pattern: string, length: number): number {
  return length ** degreeOf(pattern);
}

/**
 * Returns the degree of the polynomial by which the number of steps for matching a string may grow with its length. The
 * more repetitions a pattern contains, the faster the number may grow.
 *
 * Returns `Infinity` if the number may grow exponentially: a repeated group contains a repetition or alternatives, or
 * the pattern contains a back reference.
 *
 * The estimate is conservative, because it does not consider which characters the repetitions match.
 */
function degreeOf(pattern: string): number {
  const groups: Group[] = [{ repeats: false, alternates: false }];
  let last: Group | undefined;
  let repetitions = 0;
  for (let at = 0; at < pattern.length; at++) {
    const char = pattern[at];
    const group = groups.at(-1);
    const quantifier = group && quantifierAt(pattern, at);
    if (quantifier) {
      at += quantifier.length - 1;
      if (!quantifier.repeats) continue;
      if (last?.repeats || last?.alternates) return Infinity;
      group.repeats = true;
      if (!quantifier.isShort) repetitions++;
      continue;
    }
    last = undefined;
    if (char === '\\') {
      if (/[1-9k]/.test(pattern[at + 1] ?? '')) return Infinity;
      at++;
    } else if (char === '[') {
      at = endOfClass(pattern, at);
    } else if (char === '(') {
      groups.push({ repeats: false, alternates: false });
    } else if (char === ')' && groups.length > 1) {
      last = groups.pop();
      const outer = groups.at(-1);
      if (outer && last?.repeats) outer.repeats = true;
    } else if (char === '|' && group) {
      group.alternates = true;
    }
  }
  return repetitions + 1;
}

/** The maximum count of a repetition with a fixed count that does not add to the degree. */
const maxShortCount = 100;

/** Whether a quantifier repeats, and whether only a fixed, low number of times, which cannot cause backtracking. */
interface Quantifier {
  length: number;
  repeats: boolean;
  isShort?: boolean;
}

function quantifierAt(pattern: string, at: number): Quantifier | undefined {
  const char = pattern[at];
  if (char === '*' || char === '+') return { length: 1, repeats: true };
  // A `?` is optional, the start of a special group, or makes a quantifier lazy. None of these repeats anything.
  if (char === '?') return { length: 1, repeats: false };
  const [braces, minRepeats, range, maxRepeats] = /^\{(\d+)(,(\d*))?\}/.exec(pattern.slice(at, at + 24)) ?? [];
  if (braces === undefined) return undefined;
  const { length } = braces;
  if (range !== undefined) return { length, repeats: maxRepeats !== '0' && maxRepeats !== '1' };
  const count = Number(minRepeats);
  return { length, repeats: count > 1, isShort: count <= maxShortCount };
}

function endOfClass(pattern: string, start: number): number {
  let at = start + 1;
  while (at < pattern.length && pattern[at] !== ']') at += pattern[at] === '\\' ? 2 : 1;
  return at;
}
