import { variantsOf } from './variants.mjs';

const restart = (peer, reconnect) => ({ workload: 'sessions.restart', peer, reconnect, timeoutMs: 10_000 });

/** Rows for sessions: their cost, and how soon they recover. */
export const sessions = {
  heap: {
    title: 'heap of an HTTP session with five subscriptions, one of 1,000',
    unit: 'kB',
    n: { full: 1_000, quick: 100 },
    variants: variantsOf('sessions.hold', ['rx-mcp', 'raw SDK', 'SDK v2', 'bare fetch']),
    figures: [
      { of: 'rx-mcp', to: 'raw SDK', atMost: 0.9 },
      { of: 'rx-mcp', to: 'raw SDK', atMost: 0.6, stretch: true },
      { of: 'rx-mcp', to: 'bare fetch' },
    ],
  },
  connect: {
    title: 'sessions connected and listening per second, ten at a time',
    unit: '/s',
    n: { full: 1_000, quick: 100 },
    variants: variantsOf('sessions.connect', ['rx-mcp', 'raw SDK', 'SDK v2', 'bare fetch']),
    figures: [
      { of: 'rx-mcp', to: 'raw SDK', atLeast: 1.1 },
      { of: 'rx-mcp', to: 'bare fetch' },
    ],
  },
  dropped: {
    title: 'from the cut of the GET stream to the first notification after',
    unit: 'ms',
    n: { full: 5, quick: 2 },
    variants: variantsOf('sessions.dropStream', ['rx-mcp', 'raw SDK', 'SDK v2', 'mcp-use']),
    figures: [{ of: 'rx-mcp', to: 'raw SDK', atMost: 0.05 }],
  },
  restarted: {
    title: 'from the return of a server that lost its sessions to the first notification after',
    unit: 'ms',
    variants: {
      'rx-mcp': restart('rxMcp'),
      'rx-mcp, 20 ms between attempts': restart('rxMcp', { initialDelay: 20, maxDelay: 20, jitter: 'none' }),
      'raw SDK': restart('rawSdk'),
      'SDK v2': restart('sdkV2'),
      'mcp-use': restart('mcpUse'),
    },
    figures: [
      { of: 'rx-mcp', atMost: 10_000 },
      { of: 'rx-mcp, 20 ms between attempts', atMost: 50 },
      { of: 'raw SDK', never: true },
    ],
  },
};

const servers = ['rx-mcp', 'raw SDK', 'SDK v2'];

/** Rows for servers: the cost of a delivery, of a session and of a slow client. */
export const serving = {
  broadcast: {
    title: 'a custom notification to 1,000 listening sessions, per delivery',
    unit: 'µs',
    n: { full: 50, quick: 5 },
    variants: variantsOf('serving.broadcast', [...servers, 'bare enqueue']),
    figures: [
      { of: 'rx-mcp', to: 'SDK v2', atMost: 0.25 },
      { of: 'rx-mcp', to: 'bare enqueue', atMost: 1.3 },
    ],
  },
  servedProgress: {
    title: '20,000 progress notifications in one served call, each',
    unit: 'µs',
    n: { full: 20_000, quick: 2_000 },
    variants: variantsOf('serving.progress', servers),
    figures: [{ of: 'rx-mcp', to: 'SDK v2', atMost: 0.5 }],
  },
  idleSession: {
    title: 'heap of an idle session of a server with ten tools',
    unit: 'kB',
    n: { full: 1_000, quick: 100 },
    variants: variantsOf('serving.hold', servers),
    figures: [
      { of: 'rx-mcp', atMost: 5 },
      { of: 'rx-mcp', to: 'SDK v2' },
    ],
  },
  listeningSession: {
    title: 'heap of a session with its stream open',
    unit: 'kB',
    n: { full: 1_000, quick: 100 },
    variants: variantsOf('serving.hold', [...servers, 'bare node:http'], { listening: true }),
    figures: [
      { of: 'rx-mcp', atMost: 12 },
      { of: 'rx-mcp', to: 'bare node:http' },
      { of: 'rx-mcp', to: 'SDK v2' },
    ],
  },
  beginSession: {
    title: 'CPU time to begin a session',
    unit: 'µs',
    n: { full: 1_000, quick: 100 },
    variants: variantsOf('serving.begin', [...servers, 'bare node:http']),
    figures: [
      { of: 'rx-mcp', to: 'SDK v2', atMost: 0.4 },
      { of: 'rx-mcp', to: 'bare node:http' },
    ],
  },
  slowClient: {
    title: 'memory growth with a client that does not read 200,000 notifications of 1 kB',
    unit: 'MB',
    rounds: 1,
    n: { full: 200_000, quick: 20_000 },
    variants: variantsOf('serving.slow', servers),
    figures: [{ of: 'rx-mcp', atMost: 2 }],
  },
  registrations: {
    title: '`list_changed` for 1,000 tools registered within 50 ms',
    unit: 'sent',
    rounds: 1,
    n: { full: 1_000, quick: 100 },
    variants: variantsOf('serving.registrations', servers),
    figures: [{ of: 'rx-mcp', atMost: 1 }],
  },
  nodesLatency: {
    title: 'from a request at one node to its notification at another, on Redis',
    unit: 'ms',
    needs: 'redis-server',
    n: { full: 500, quick: 50 },
    variants: { 'rx-mcp': { workload: 'nodes.latency' } },
    figures: [{ of: 'rx-mcp', atMost: 5 }],
  },
  nodesRate: {
    title: 'notifications of one session from one node to another, on Redis, each',
    unit: 'µs',
    needs: 'redis-server',
    n: { full: 20_000, quick: 2_000 },
    variants: { 'rx-mcp': { workload: 'nodes.rate' } },
    figures: [{ of: 'rx-mcp', atMost: 200 }],
  },
};
