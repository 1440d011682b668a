import { describeError } from './describeError';
import type { Renderer } from './renderer';

/** One JSON object a line, for programs. */
export function jsonRenderer(stream: NodeJS.WritableStream): Renderer {
  const print = (value: unknown): void => {
    stream.write(
      `${JSON.stringify(value, (_, inner: unknown) => (inner instanceof Error ? describeError(inner) : inner))}\n`,
    );
  };
  return {
    show: ({ type, at, ...event }) => print({ type, at, ...event }),
    end: (summary) => print({ summary }),
  };
}
