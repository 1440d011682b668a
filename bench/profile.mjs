import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { prepare } from './harness/prepare.mjs';
import { runVariant } from './harness/runVariant.mjs';
import { selfTimes } from './harness/selfTimes.mjs';

/** Where the time goes while 50,000 notifications come in over HTTP: in this library, in the SDK by itself, and in neither. */
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
    await runVariant({ workload: 'receiveHttp', peer, n, ids, profile: file });
    profiles[title] = selfTimes(JSON.parse(readFileSync(file, 'utf8'))).slice(0, shown);
    console.log(`\n${title}`);
    for (const { label, share } of profiles[title])
      console.log(`  ${(share * 100).toFixed(1).padStart(5)} %  ${label}`);
  }
}
writeFileSync(`${directory}summary.json`, JSON.stringify(profiles, null, 2));
