import { createLogUpdate } from 'log-update';
import colors from 'picocolors';
import { footer, nothingYet } from './footer';
import { footerLine } from './footerLine';
import { lineOf } from './lineOf';
import type { Renderer } from './renderer';
import { summaryLines } from './summaryLines';

/** What comes often moves in the last line, and does not fill the screen. */
const moving = new Set(['heartbeat', 'progress']);

/** Lines that scroll, above one that moves. */
export function liveRenderer(stream: NodeJS.WriteStream): Renderer {
  const update = createLogUpdate(stream);
  let state = nothingYet;
  return {
    show: (event) => {
      const line = moving.has(event.type) ? undefined : lineOf(event, colors);
      if (line !== undefined) update.persist(line);
      state = footer(state, event);
      update(footerLine(state, colors));
    },
    end: (summary) => {
      update.clear();
      for (const line of summaryLines(summary, colors)) update.persist(line);
      update.done();
    },
  };
}
