import { createLogUpdate } from 'log-update';
import colors from 'picocolors';
import { emptyFooter, footer, footerLine } from './footer';
import { lineOf, summaryLines } from './lineOf';
import type { Renderer } from './renderer';
import { indent, wrap } from './text';

/** Frequent events, which update the footer instead of adding a line. */
const moving = new Set(['heartbeat', 'progress']);

/** Creates a renderer with scrolling lines above a footer that is redrawn. */
export function liveRenderer(stream: NodeJS.WriteStream): Renderer {
  const update = createLogUpdate(stream);
  const persist = (line: string, hang = indent): void => {
    for (const part of wrap(line, stream.columns, hang)) update.persist(part);
  };
  let state = emptyFooter;
  return {
    begin: (intro) => persist(colors.bold(intro), ''),
    show: (event) => {
      const line = moving.has(event.type) ? undefined : lineOf(event, colors);
      if (line !== undefined) persist(line);
      state = footer(state, event);
      update(wrap(footerLine(state, colors), stream.columns).join('\n'));
    },
    end: (summary) => {
      update.clear();
      for (const line of summaryLines(summary, colors)) persist(line);
      update.done();
    },
  };
}
