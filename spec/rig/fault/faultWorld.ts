import type { Answers } from './createAnswers';
import type { Gates } from './createGates';
import type { Lists } from './createLists';
import type { Streams } from './createStreams';
import type { FaultEvent } from './faultEvent';
import type { FaultServerOptions } from './faultServerOptions';
import type { FaultSession } from './faultSession';

/** All that a fault server knows, in one place. */
export interface FaultWorld {
  readonly options: FaultServerOptions;
  readonly answers: Answers;
  readonly gates: Gates;
  readonly lists: Lists;
  readonly streams: Streams;
  /** By id, the newest last. */
  readonly sessions: Map<string, FaultSession>;
  readonly emit: (event: FaultEvent) => void;
}
