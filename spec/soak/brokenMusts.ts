import { isDeepStrictEqual } from 'node:util';
import type { SoakReport } from './soakReport';

/** Describes the conditions that must hold after a soak and do not. */
export function brokenMusts({ balance, calls, deaf, recoveries, before, after }: SoakReport): string[] {
  const musts: [holds: boolean, otherwise: string][] = [
    [balance.duplicated === 0, `${balance.duplicated} came twice`],
    [balance.lostOutside === 0, `${balance.lostOutside} were lost outside of any gap`],
    [balance.delivered > 0, 'nothing was delivered'],
    [recoveries > 0, 'no fault was noticed'],
    [calls.untyped === 0, `${calls.untyped} calls failed with an error that is not typed`],
    [deaf === 0, `${deaf} sessions did not listen again`],
    [isDeepStrictEqual(after.resources, before.resources), 'handles are left'],
    [after.listeners === before.listeners, 'listeners are left'],
  ];
  return musts.filter(([holds]) => !holds).map(([, otherwise]) => otherwise);
}
