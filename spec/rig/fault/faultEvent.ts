import type { FaultEvents } from './faultEvents';

/** Something that happened at a fault server. */
export type FaultEvent = { [Type in keyof FaultEvents]: { type: Type } & FaultEvents[Type] }[keyof FaultEvents];
