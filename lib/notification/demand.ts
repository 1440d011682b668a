import type { LoggingLevel } from '../protocol/types';

/** What is subscribed to on a hub, as of each call. */
export interface Demand {
  /** Whether somebody hears the whole stream. */
  all(): boolean;
  /** The methods that somebody hears. */
  methods(): string[];
  /** The resources that somebody hears of. */
  uris(): string[];
  /** The levels from which on somebody hears log messages. */
  levels(): LoggingLevel[];
}
