/** Rows for the command line. Memory is read from /proc, so that row needs Linux. */
export const commandLine = {
  list: {
    title: 'from the start of `rx-mcp list <url>` to its first output',
    unit: 'ms',
    n: { full: 15, quick: 5 },
    variants: {
      'rx-mcp': { workload: 'commandLine.list', program: 'rxMcp' },
      'raw SDK': { workload: 'commandLine.list', program: 'rawSdk' },
    },
    figures: [{ of: 'rx-mcp', to: 'raw SDK', atMost: 1.2 }],
  },
  watch: {
    title: 'notifications printed by `rx-mcp watch`, into a pipe',
    unit: '/s',
    n: { full: 200_000, quick: 50_000 },
    variants: { 'rx-mcp': { workload: 'commandLine.watch' } },
    figures: [{ of: 'rx-mcp', atLeast: 10_000 }],
  },
  watchMemory: {
    title: 'growth of `rx-mcp watch` from the first n notifications to the next n',
    unit: 'MB',
    n: { full: 200_000, quick: 50_000 },
    variants: { 'rx-mcp': { workload: 'commandLine.watchMemory' } },
    // Garbage that is not collected yet moves it up and down by 40 MB.
    figures: [{ of: 'rx-mcp', atMost: 60 }],
  },
};
