import { figuresOf, goals, median, type SoakReport, type WireReport } from './soakReport';

const count = (n: number): string => n.toLocaleString('en');
const seconds = (ms: number): string => `${(ms / 1_000).toFixed(1)} s`;
const share = (part: number, whole: number): string => `${((100 * part) / whole).toFixed(1)} %`;
const megabytes = (bytes: number): string => `${(bytes / 2 ** 20).toFixed(1)} MiB`;
const milliseconds = (ms: number): string => `${ms.toFixed(0)} ms`;
const longest = (ms: readonly number[]): number => ms.reduce((one, other) => Math.max(one, other), 0);
const handles = (resources: Record<string, number>): string =>
  Object.entries(resources)
    .map(([kind, n]) => `${n} ${kind}`)
    .join(', ') || 'none';

/** Formats a report as lines of text. */
export function linesOf({ reports, before, after }: SoakReport): string[] {
  const { lostOutside, duplicated, ended, gapRatio, medianReturn } = figuresOf(reports);
  return [
    ...reports.flatMap((report) => [...linesOfWire(report), '']),
    ...table({
      heap: `${megabytes(before.heap)} before, ${megabytes(after.heap)} after`,
      handles: `${handles(before.resources)} before, ${handles(after.resources)} after`,
    }),
    '',
    'All wires',
    ...table({
      'lost outside of a gap': `${count(lostOutside)} (goal ${goals.lostOutside})`,
      duplicated: `${count(duplicated)} (goal ${goals.duplicated})`,
      'sessions that ended': `${count(ended)} (goal ${goals.ended})`,
      'gap time': `${gapRatio.toFixed(2)} of the time unreachable (goal ${goals.gapRatio})`,
      'median recovery': `${milliseconds(medianReturn)} after the server is back (goal ${goals.medianReturn} ms)`,
    }),
  ];
}

function linesOfWire(report: WireReport): string[] {
  const { balance, recoveries, returns, calls, gapMs, unreachableMs, elapsedMs } = report;
  return [
    `${report.name}: ${report.sessions} sessions`,
    ...[...report.faults]
      .sort(([, a], [, b]) => b - a)
      .map(([name, times]) => `${String(times).padStart(4)} × ${name}`),
    ...table({
      sent: count(balance.sent),
      delivered: count(balance.delivered),
      duplicated: count(balance.duplicated),
      'lost inside a reported gap': count(balance.lostInside),
      'lost outside of a gap': count(balance.lostOutside),
      unreachable: `${seconds(unreachableMs)}, ${share(unreachableMs, elapsedMs)} of the time`,
      'gap time': `${seconds(gapMs)} in ${count(report.gaps)} gaps, ${(gapMs / unreachableMs).toFixed(2)} of the time unreachable`,
      'recovery after the server is back': `median ${milliseconds(median(returns))}, longest ${milliseconds(longest(returns))}`,
      'recovery after the loss is noticed': `median ${milliseconds(median(recoveries))}, longest ${milliseconds(longest(recoveries))}`,
      reconnections: `${count(recoveries.length)}, of these ${count(report.connections)} to a new session`,
      'longest silence': milliseconds(report.longestSilence),
      calls: `${count(calls.answered)} answered, ${count(calls.failed)} failed with a typed error`,
    }),
  ];
}

function table(facts: Record<string, string>): string[] {
  const width = Math.max(...Object.keys(facts).map(({ length }) => length));
  return Object.entries(facts).map(([name, fact]) => `  ${name.padEnd(width)}  ${fact}`);
}
