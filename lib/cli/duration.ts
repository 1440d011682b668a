import { maxTimerDelay } from '../util/maxDelay';
import { UsageError } from './usageError';

const units: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000 };

/**
 * Parses a duration such as `500ms`, `30s`, `2m` or `1h`, and returns milliseconds. A number without a unit is in
 * seconds.
 */
export function parseDuration(text: string, option: string): number {
  const [, number, unit = 's'] = /^(\d+(?:\.\d+)?)(ms|s|m|h)?$/.exec(text) ?? [];
  const duration = Number(number) * (units[unit] ?? 1);
  if (!(duration > 0)) {
    throw new UsageError(`--${option}: expected a duration like 30s, 500ms or 2m, got ${JSON.stringify(text)}`);
  }
  return Math.min(duration, maxTimerDelay);
}
