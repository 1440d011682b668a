import type { SoakReport } from './soakReport';

const count = (n: number): string => n.toLocaleString('en');
const megabytes = (bytes: number): string => `${(bytes / 2 ** 20).toFixed(1)} MiB`;
const handles = (resources: Record<string, number>): string =>
  Object.entries(resources)
    .map(([kind, n]) => `${n} ${kind}`)
    .join(', ') || 'none';

/** Formats a report. */
export function linesOf(report: SoakReport): string[] {
  const { balance, recovery, calls, before, after } = report;
  const facts: [string, string][] = [
    ['sent', count(balance.sent)],
    ['delivered', count(balance.delivered)],
    ['duplicated', `${count(balance.duplicated)} (must be 0)`],
    ['lost inside a reported gap', count(balance.lostInside)],
    ['lost outside of any gap', `${count(balance.lostOutside)} (must be 0)`],
    ['gaps', `${count(report.gaps)}, ${(report.gapShare * 100).toFixed(1)} % of the time`],
    ['reconnections', `${count(report.recoveries)}, of these ${count(report.connections)} to a new session`],
    ['recovery time', `median ${recovery.median.toFixed(0)} ms, maximum ${recovery.max.toFixed(0)} ms`],
    ['longest silence', `${report.longestSilence.toFixed(0)} ms`],
    ['calls', `${count(calls.answered)} answered, ${count(calls.failed)} failed with a typed error`],
    ['heap', `${megabytes(before.heap)} before, ${megabytes(after.heap)} after`],
    ['handles', `${handles(before.resources)} before, ${handles(after.resources)} after`],
  ];
  const width = Math.max(...facts.map(([name]) => name.length));
  return [
    ...[...report.faults]
      .sort(([, a], [, b]) => b - a)
      .map(([name, times]) => `${String(times).padStart(4)} × ${name}`),
    '',
    ...facts.map(([name, fact]) => `${name.padEnd(width)}  ${fact}`),
  ];
}
