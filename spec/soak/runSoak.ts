import { usage } from '../faults/calls/soak/usage';
import { createRandom } from './createRandom';
import { runWire } from './runWire';
import type { SoakReport } from './soakReport';
import type { SoakWire, WireOptions } from './wire';
import { deployWire } from './wires/deployWire';
import { legacyWire } from './wires/legacyWire';
import { modernWire } from './wires/modernWire';
import { stdioWire } from './wires/stdioWire';

const wires = { http: legacyWire, modern: modernWire, stdio: stdioWire, deploy: deployWire } as const satisfies Record<
  string,
  (options: WireOptions) => Promise<SoakWire>
>;

/** The name of a wire. */
export type WireName = keyof typeof wires;
export const wireNames = Object.keys(wires) as WireName[];

/** Options for {@link runSoak}. */
export interface SoakOptions {
  seed: number;
  seconds: number;
  /** Sessions of each wire. */
  sessions: number;
  /** Numbers that each server sends per second. */
  rate: number;
  wires: readonly WireName[];
  /** Called with each fault as it begins. */
  onFault(name: string, second: number): void;
}

/** Runs several wires concurrently, each with a fault every second or two. */
export async function runSoak(options: SoakOptions): Promise<SoakReport> {
  // Objects that are created once, on first use, are not leaks.
  await runAll({ ...options, seconds: 1, sessions: 1, onFault: () => undefined });
  const before = await usage();
  const reports = await runAll(options);
  return { reports, before, after: await usage() };
}

function runAll({ seed, wires: names, ...options }: SoakOptions) {
  const random = createRandom(seed);
  return Promise.all(
    names.map((name) => runWire((wire) => wires[name](wire), { ...options, seed: Math.floor(random() * 2 ** 32) })),
  );
}
