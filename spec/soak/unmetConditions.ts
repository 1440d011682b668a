import { isDeepStrictEqual } from 'node:util';
import { figuresOf, goals, type SoakReport } from './soakReport';

/** Describes the conditions that must hold after a soak and do not. */
export function unmetConditions({ reports, before, after }: SoakReport): string[] {
  const { lostOutside, duplicated } = figuresOf(reports);
  const ended = reports.flatMap((report) => report.ended);
  const untyped = reports.reduce((sum, { calls }) => sum + calls.untyped, 0);
  const notListening = reports.reduce((sum, report) => sum + report.notListening, 0);
  const conditions: [holds: boolean, otherwise: string][] = [
    [duplicated === 0, `${duplicated} were delivered twice`],
    [lostOutside === 0, `${lostOutside} were lost outside of any gap`],
    [ended.length === 0, `${ended.length} sessions ended (${ended[0]})`],
    [reports.every(({ balance }) => balance.delivered > 0), 'nothing was delivered'],
    // On one wire, all faults may be of kinds that do not end a connection.
    [reports.some(({ recoveries }) => recoveries.length > 0), 'no fault was noticed'],
    [untyped === 0, `${untyped} calls failed with an untyped error`],
    [notListening === 0, `${notListening} sessions did not listen again`],
    [isDeepStrictEqual(after.resources, before.resources), 'open handles remain'],
    [after.listeners === before.listeners, 'listeners remain'],
  ];
  return conditions.filter(([holds]) => !holds).map(([, otherwise]) => otherwise);
}

/** Describes the goals for recoveries and gaps that a soak has missed. They can also be missed on a busy machine. */
export function missedGoals({ reports }: SoakReport): string[] {
  const { gapRatio, medianReturn } = figuresOf(reports);
  return [
    ...(gapRatio > goals.gapRatio ? [`gap time is ${gapRatio.toFixed(2)} of the time unreachable`] : []),
    ...(medianReturn > goals.medianReturn ? [`the median recovery takes ${medianReturn.toFixed(0)} ms`] : []),
  ];
}
