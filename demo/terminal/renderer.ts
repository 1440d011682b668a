import { createColors } from 'picocolors';
import type { DemoEvent } from '../facts';
import type { Summary } from '../summary';
import { lineOf, summaryLines } from './lineOf';
import { liveRenderer } from './liveRenderer';
import { describeError, indent, wrap } from './text';

/** Renders events, for a person or for a program. */
export interface Renderer {
  /** Prints the description of the demo. */
  begin(intro: string): void;
  show(event: DemoEvent): void;
  /** Prints the summary. */
  end(summary: Summary): void;
}

/** The number of columns if the output has no width. */
const defaultWidth = 80;

/** Creates the renderer for an output: JSON on request, a live view on a terminal, and plain lines in a pipe or file. */
export function createRenderer(stream: NodeJS.WriteStream, json: boolean): Renderer {
  if (json) return jsonRenderer(stream);
  // A terminal without a known size cannot be redrawn.
  const canMove = stream.isTTY && stream.columns > 0 && stream.rows > 0;
  return canMove ? liveRenderer(stream) : plainRenderer(stream);
}

/** Creates a renderer of plain lines without terminal codes. */
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

/** Creates a renderer of one JSON object per line, for programs. */
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
