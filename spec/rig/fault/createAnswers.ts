import type { FaultAnswer } from './faultAnswer';
import type { FaultAnswerOptions } from './faultAnswerOptions';

interface StandingAnswer {
  answer: FaultAnswer;
  options: FaultAnswerOptions;
}

/** The faulty answers that are in force, one per HTTP method. */
export interface Answers {
  set(httpMethod: string, answer: FaultAnswer | null, options?: FaultAnswerOptions): void;
  /** The answer for a request with these JSON-RPC methods, if it is to have one; counts it as given. */
  take(httpMethod: string, methods: readonly (string | undefined)[]): StandingAnswer | undefined;
}

/** Starts with the given answers, by HTTP method. */
export function createAnswers(initial: Record<string, FaultAnswer | undefined>): Answers {
  const standing = new Map<string, StandingAnswer & { left: number }>();

  const set: Answers['set'] = (httpMethod, answer, options = {}) => {
    if (answer === null) standing.delete(httpMethod);
    else standing.set(httpMethod, { answer, options, left: options.times ?? Infinity });
  };
  for (const [httpMethod, answer] of Object.entries(initial)) set(httpMethod, answer ?? null);

  return {
    set,
    take: (httpMethod, methods) => {
      const found = standing.get(httpMethod);
      if (!found || (found.options.method !== undefined && !methods.includes(found.options.method))) return undefined;
      found.left -= 1;
      if (found.left <= 0) standing.delete(httpMethod);
      return found;
    },
  };
}
