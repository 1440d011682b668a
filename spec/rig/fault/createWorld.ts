import { createAnswers } from './createAnswers';
import { createGates } from './createGates';
import { createLists } from './createLists';
import { createStreams } from './createStreams';
import type { FaultEvent } from './faultEvent';
import type { FaultServerOptions } from './faultServerOptions';
import { faultTools } from './faultTools';
import type { FaultWorld } from './faultWorld';

/** A fault server at its start. */
export function createWorld(options: FaultServerOptions, emit: (event: FaultEvent) => void): FaultWorld {
  return {
    options,
    answers: createAnswers({ GET: options.get, POST: options.post, DELETE: options.delete }),
    gates: createGates(emit),
    lists: createLists(options, Object.keys(faultTools)),
    streams: createStreams(),
    sessions: new Map(),
    emit,
  };
}
