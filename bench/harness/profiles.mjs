import { mkdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { runVariant } from './measure.mjs';

const peers = { 'rx-mcp': 'rxMcp', 'raw SDK': 'rawSdk', 'bare reader': 'bare' };
const n = 50_000;
const maxFunctions = 12;
const directory = fileURLToPath(new URL('../results/profiles/', import.meta.url));

/**
 * Profiles the CPU for 50,000 notifications over HTTP, with this library, with the SDK, and with the bare reader. Writes the
 * profiles to `results/profiles`. Resolves with the top functions by variant.
 */
export async function profileCpu() {
  mkdirSync(directory, { recursive: true });
  const profiles = {};
  for (const ids of [false, true]) {
    for (const [name, peer] of Object.entries(peers)) {
      const file = `${directory}${peer}${ids ? '-ids' : ''}.cpuprofile`;
      await runVariant({ workload: 'receive.overHttp', peer, n, ids, profile: file });
      const title = ids ? `${name}, event ids` : name;
      profiles[title] = selfTimes(JSON.parse(readFileSync(file, 'utf8'))).slice(0, maxFunctions);
    }
  }
  return profiles;
}

/** Returns the self time by function: its share of all samples that are not idle, largest first. */
function selfTimes({ nodes, samples, timeDeltas }) {
  const labels = new Map(nodes.map(({ id, callFrame }) => [id, labelOf(callFrame)]));
  const times = new Map();
  let total = 0;
  for (const [index, id] of samples.entries()) {
    const label = labels.get(id);
    if (label === '(idle)') continue;
    // A sample covers the time until the next one.
    const time = timeDeltas[index + 1] ?? 0;
    total += time;
    times.set(label, (times.get(label) ?? 0) + time);
  }
  return [...times].map(([label, time]) => ({ label, share: time / total })).sort((a, b) => b.share - a.share);
}

function labelOf({ functionName, url, lineNumber }) {
  const name = functionName || '(anonymous)';
  if (!url) return name;
  const file = url.replace(/^.*\/node_modules\//, '').replace(/^.*\/bench\//, 'bench/');
  return `${name} ${file}:${lineNumber + 1}`;
}
