import type { Summary } from '../summary';
import type { Colors } from './colors';
import { oneLine } from './oneLine';

/** The summary, for people; nothing when there was nothing. */
export function summaryLines(summary: Summary, { bold, dim }: Colors): string[] {
  const { received, byMethod, reconnections, gaps, errors } = summary;
  if (received + reconnections + gaps + errors === 0) return [];
  const total = [
    many(received, 'notification'),
    many(reconnections, 'reconnection'),
    many(gaps, 'gap'),
    many(errors, 'error'),
  ];
  const methods = Object.entries(byMethod).sort(([, one], [, other]) => other - one);
  return [
    '',
    bold(total.join(', ')),
    ...methods.map(([method, times]) => dim(`${String(times).padStart(6)}  ${oneLine(method)}`)),
  ];
}

const many = (times: number, what: string): string => `${times} ${what}${times === 1 ? '' : 's'}`;
