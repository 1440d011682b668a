import type { DemoFact } from './demoFact';

/** A fact, and when it became known, in milliseconds since the epoch. */
export type DemoEvent = DemoFact & { at: number };
