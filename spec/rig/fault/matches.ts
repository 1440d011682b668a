import type { FaultEvent } from './faultEvent';
import type { FaultEvents } from './faultEvents';

/** Whether an event is of this type, with these members. */
export function matches<Type extends keyof FaultEvents>(
  event: FaultEvent,
  wanted: { type: Type } & Partial<FaultEvents[Type]>,
): event is Extract<FaultEvent, { type: Type }> {
  const members = new Map<string, unknown>(Object.entries(event));
  return Object.entries(wanted).every(([name, value]) => members.get(name) === value);
}
