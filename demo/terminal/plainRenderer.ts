import { createColors } from 'picocolors';
import { lineOf } from './lineOf';
import type { Renderer } from './renderer';
import { summaryLines } from './summaryLines';

/** Lines of text, with nothing in them that is for terminals only. */
export function plainRenderer(stream: NodeJS.WritableStream): Renderer {
  const colors = createColors(false);
  const print = (line: string | undefined): void => {
    if (line !== undefined) stream.write(`${line}\n`);
  };
  return {
    show: (event) => print(lineOf(event, colors)),
    end: (summary) => summaryLines(summary, colors).forEach(print),
  };
}
