import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { prepare } from './harness/prepare.mjs';
import { runVariant } from './harness/measure.mjs';

/** Profiles the CPU for 50,000 notifications over HTTP, with this library, with the SDK, and with the bare reader. */
const peers = { 'rx-mcp': 'rxMcp', 'raw SDK': 'rawSdk', 'bare reader': 'bare' };
const n = 50_000;
const shown = 12;

const directory = fileURLToPath(new URL('results/profiles/', import.meta.url));
mkdirSync(directory, { recursive: true });
prepare();
const profiles = {};
for (const ids of [false, true]) {
  for (const [name, peer] of Object.entries(peers)) {
    const title = ids ? `${name}, event ids` : name;
    const file = `${directory}${peer}${ids ? '-ids' : ''}.cpuprofile`;
    await runVariant({ workload: 'receive.overHttp', peer, n, ids, profile: file });
    profiles[title] = selfTimes(JSON.parse(readFileSync(file, 'utf8'))).slice(0, shown);
    console.log(`\n${title}`);
    for (const { label, share } of profiles[title])
      console.log(`  ${(share * 100).toFixed(1).padStart(5)} %  ${label}`);
  }
}
writeFileSync(`${directory}summary.json`, JSON.stringify(profiles, null, 2));

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
