/**
 * Where a CPU profile says that the time went: by function, the share of all that was not idle, largest first.
 */
export function selfTimes({ nodes, samples, timeDeltas }) {
  const labels = new Map(nodes.map(({ id, callFrame }) => [id, labelOf(callFrame)]));
  const times = new Map();
  let total = 0;
  for (const [index, id] of samples.entries()) {
    const label = labels.get(id);
    if (label === '(idle)') continue;
    // A sample stands for the time until the next one.
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
