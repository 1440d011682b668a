import type { Outages } from './createOutages';
import type { SoakClient } from './soakClient';

/** A fault. Its effects are undone when the promise resolves. */
export interface WireFault {
  name: string;
  /** The rows of the table of faults that the fault covers. */
  rows: readonly number[];
  /** Whether the fault requires a running server. Default `false`. */
  needsServer?: boolean;
  inject(): Promise<unknown>;
}

/** A server, the network in front of it, and sessions that listen to it. */
export interface SoakWire {
  readonly name: string;
  readonly clients: readonly SoakClient[];
  readonly faults: readonly WireFault[];
  /** The outages that all sessions share. */
  readonly outages: Outages;
  /** The interval between two faults, in milliseconds. */
  readonly period: number;
  /** The maximum numbers per second. */
  readonly maxRate?: number;
  /** Whether the server is running. */
  isUp(): boolean;
  /** Sends numbers, and records at each session which of them the server has certainly sent. */
  send(from: number, count: number): Promise<void>;
  /** Releases streams that the server still holds after the last fault. */
  settle(): Promise<unknown>;
  end(): Promise<void>;
}

/** Options for creating a wire. */
export interface WireOptions {
  seed: number;
  sessions: number;
  /** Returns the last number that was sent or is being sent. */
  last(): number;
}

/** Returns a random value. */
export const oneOf = <T>(values: readonly T[], random: () => number): T =>
  values[Math.floor(random() * values.length)]!;

/** Returns the duration of a fault, in milliseconds. */
export const whileMs = (random: () => number): number => 100 + random() * 900;
