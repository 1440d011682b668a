/** The peers, by their names in the tables. */
const peers = {
  'rx-mcp': 'rxMcp',
  'rx-mcp, without wire$': 'rxMcpWithoutWire',
  'raw SDK': 'rawSdk',
  'SDK v2': 'sdkV2',
  'mcp-use': 'mcpUse',
  'bare reader': 'bare',
  'bare enqueue': 'bare',
  'bare fetch': 'bareSession',
  'bare node:http': 'bareNode',
};

/** Returns the variants of a row that runs a workload with each of these peers. */
export const variantsOf = (workload, names, params = {}) =>
  Object.fromEntries(names.map((name) => [name, { workload, peer: peers[name], ...params }]));

/** Appends a text to the name of each variant. */
export const named = (suffix, variants) =>
  Object.fromEntries(Object.entries(variants).map(([name, variant]) => [name + suffix, variant]));
