import { mkdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { runVariant } from './measure.mjs';

const directory = fileURLToPath(new URL('../results/profiles/', import.meta.url));

/** Profiles a workload in a fresh process. Writes the profile to `results/profiles`. Resolves with it and the measurement. */
async function profileOf(name, variant) {
  mkdirSync(directory, { recursive: true });
  const file = `${directory}${name}.cpuprofile`;
  const measured = await runVariant({ ...variant, profile: file });
  return { measured, profile: JSON.parse(readFileSync(file, 'utf8')) };
}

const receivers = { 'rx-mcp': 'rxMcp', 'raw SDK': 'rawSdk', 'bare reader': 'bare' };
const notifications = 50_000;
const maxFunctions = 12;

/**
 * Profiles the CPU for 50,000 notifications over HTTP, with this library, with the SDK, and with the bare reader. Resolves with
 * the top functions by variant.
 */
export async function profileReceiving() {
  const profiles = {};
  for (const ids of [false, true]) {
    for (const [name, peer] of Object.entries(receivers)) {
      const variant = { workload: 'receive.overHttp', peer, n: notifications, ids };
      const { profile } = await profileOf(ids ? `${peer}-ids` : peer, variant);
      const times = timesBy(profile, labelOf);
      const total = sum(times.values());
      profiles[ids ? `${name}, event ids` : name] = [...times]
        .map(([label, time]) => ({ label, share: time / total }))
        .sort((a, b) => b.share - a.share)
        .slice(0, maxFunctions);
    }
  }
  return profiles;
}

const connectors = { 'rx-mcp': 'rxMcp', 'raw SDK': 'rawSdk', 'bare fetch': 'bareSession' };
const sessions = 1_000;
const rounds = 5;

/**
 * Profiles the CPU for 1,000 sessions that connect. Resolves with the CPU time per session by variant and origin, in
 * milliseconds: the mean of five rounds.
 */
export async function profileConnecting() {
  const means = Object.fromEntries(Object.keys(connectors).map((name) => [name, {}]));
  for (let round = 0; round < rounds; round++) {
    for (const [name, peer] of Object.entries(connectors)) {
      const variant = { workload: 'sessions.connect', peer, n: sessions };
      const { measured, profile } = await profileOf(`${peer}-connect`, variant);
      const times = timesBy(profile, originOf);
      const ofMainThread = sum(times.values()) / 1000;
      times.set('other threads: garbage collection, compilation, profiler', (measured.cpu - ofMainThread) * 1000);
      for (const [origin, time] of times) {
        means[name][origin] = (means[name][origin] ?? 0) + time / 1000 / sessions / rounds;
      }
    }
  }
  return means;
}

/** Returns the self time by label, without idle time, in microseconds. */
function timesBy({ nodes, samples, timeDeltas }, label) {
  const labels = new Map(nodes.map(({ id, callFrame }) => [id, label(callFrame)]));
  const idle = new Set(nodes.filter(({ callFrame }) => callFrame.functionName === '(idle)').map(({ id }) => id));
  const times = new Map();
  for (const [index, id] of samples.entries()) {
    // A sample covers the time until the next one.
    if (!idle.has(id)) times.set(labels.get(id), (times.get(labels.get(id)) ?? 0) + (timeDeltas[index + 1] ?? 0));
  }
  return times;
}

const sum = (numbers) => [...numbers].reduce((total, number) => total + number, 0);

function labelOf({ functionName, url, lineNumber }) {
  const name = functionName || '(anonymous)';
  if (!url) return name;
  const file = url.replace(/^.*\/node_modules\//, '').replace(/^.*\/bench\//, 'bench/');
  return `${name} ${file}:${lineNumber + 1}`;
}

const origins = [
  [/\/node_modules\/rx-mcp\//, 'rx-mcp'],
  [/\/node_modules\/rxjs\//, 'RxJS'],
  [/\/node_modules\/eventsource-parser\//, 'eventsource-parser'],
  [/\/node_modules\//, 'SDK, ajv and zod'],
  [/\/bench\//, 'the benchmark'],
];

function originOf({ functionName, url }) {
  if (functionName === '(garbage collector)') return 'garbage collection';
  return origins.find(([pattern]) => pattern.test(url))?.[1] ?? 'fetch, Node and V8';
}
