import type { Outages } from './createOutages';
import type { Subject } from './subject';

/** A fault that a soak may draw; all that it did is undone when its promise resolves. */
export interface WireFault {
  name: string;
  /** The rows of the table of faults that it covers. */
  rows: readonly number[];
  /** Whether it needs a server that runs. Default: some faults are of the network alone. */
  needsServer?: boolean;
  happen(): Promise<unknown>;
}

/** A server, the way to it, and sessions that listen to it. */
export interface SoakWire {
  readonly name: string;
  readonly subjects: readonly Subject[];
  readonly faults: readonly WireFault[];
  /** Outages of all sessions. Each subject has its own as well. */
  readonly outages: Outages;
  /** Milliseconds between two faults. */
  readonly period: number;
  /** The maximum of numbers per second. */
  readonly maxRate?: number;
  /** Whether the server runs. */
  isUp(): boolean;
  /** Sends numbers, and notes for each session which of them the server is known to have sent. */
  send(from: number, count: number): Promise<void>;
  /** Ends what a server may still hold on to after the last fault. */
  settle(): Promise<unknown>;
  end(): Promise<void>;
}

/** How a wire is created. */
export interface WireOptions {
  seed: number;
  sessions: number;
  /** The last number that was sent, or is being sent. */
  last(): number;
}

/** Draws one of several values. */
export const oneOf = <T>(values: readonly T[], random: () => number): T =>
  values[Math.floor(random() * values.length)]!;

/** Milliseconds of a fault: long enough to be noticed, some of it longer than others. */
export const whileMs = (random: () => number): number => 100 + random() * 900;
