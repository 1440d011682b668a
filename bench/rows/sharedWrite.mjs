const share = (peer) => ({ workload: 'shareWrite', peer });

export const sharedWrite = {
  title: 'progress delivered, of 200 calls with three each, when it shares a write with its result; stdio',
  unit: 'of 600',
  n: { full: 200, quick: 200 },
  variants: { 'rx-mcp': share('rxMcp'), 'raw SDK': share('rawSdk'), 'SDK v2': share('sdkV2') },
  figures: [{ of: 'rx-mcp', atLeast: 600 }],
};
