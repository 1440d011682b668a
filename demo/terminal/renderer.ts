import { createColors } from 'picocolors';
import type { DemoEvent } from '../facts';
import type { Summary } from '../summary';
import { lineOf, summaryLines } from './lineOf';
import { liveRenderer } from './liveRenderer';
import { describeError, indent, wrap } from './text';

/** Shows events to a person or to a program. */
export interface Renderer {
  /** Says what the demo does. */
  begin(intro: string): void;
  show(event: DemoEvent): void;
  /** Shows the summary, last. */
  end(summary: Summary): void;
}

/** Columns where the output has no width of its own. */
const defaultWidth = 80;

/** JSON on request, a live view on a terminal, plain lines in a pipe or file. */
export function createRenderer(stream: NodeJS.WriteStream, json: boolean): Renderer {
  if (json) return jsonRenderer(stream);
  // A terminal without a known size cannot be redrawn.
  const canMove = stream.isTTY && stream.columns > 0 && stream.rows > 0;
  return canMove ? liveRenderer(stream) : plainRenderer(stream);
}

/** Lines of text without terminal codes. */
function plainRenderer(stream: NodeJS.WritableStream): Renderer {
  const colors = createColors(false);
  const print = (line: string | undefined): void => {
    if (line !== undefined) stream.write(`${wrap(line, defaultWidth, indent).join('\n')}\n`);
  };
  return {
    begin: (intro) => stream.write(`${wrap(intro, defaultWidth).join('\n')}\n`),
    show: (event) => print(lineOf(event, colors)),
    end: (summary) => summaryLines(summary, colors).forEach(print),
  };
}

/** One JSON object per line, for programs. */
function jsonRenderer(stream: NodeJS.WritableStream): Renderer {
  const print = (value: unknown): void => {
    stream.write(
      `${JSON.stringify(value, (_, inner: unknown) => (inner instanceof Error ? describeError(inner) : inner))}\n`,
    );
  };
  return {
    begin: () => undefined,
    show: ({ type, at, ...event }) => print({ type, at, ...event }),
    end: (summary) => print({ summary }),
  };
}
