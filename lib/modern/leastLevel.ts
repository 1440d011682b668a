import { loggingLevels } from '../notification/notificationMap';
import type { LoggingLevel } from '../protocol/types';

/** The level that lets through what each of these does. */
export function leastLevel(levels: readonly LoggingLevel[]): LoggingLevel | undefined {
  return loggingLevels.find((level) => levels.includes(level));
}
