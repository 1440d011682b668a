import type { LoggingLevel } from '../protocol/types';

/** The levels of RFC 5424 that the protocol uses, from the least severe to the most. */
export const loggingLevels: readonly LoggingLevel[] = [
  'debug',
  'info',
  'notice',
  'warning',
  'error',
  'critical',
  'alert',
  'emergency',
];
