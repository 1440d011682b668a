/** A framework, or a mode of one, and its program in this directory. */
export interface Framework {
  readonly name: string;
  /** The program and its arguments, for a port. */
  args(port: number): readonly string[];
  /** Path of the endpoint. Default `/mcp`. */
  readonly path?: string;
  /** If `true`, the session uses protocol 2026-07-28. Default `false`. */
  readonly isModern?: boolean;
  /** The capabilities that the framework lacks, by cell, with the reason for the report. The cell must fail. */
  readonly lacks?: Readonly<Record<string, string>>;
}

const stateless = 'serves each request separately: it has no stream, no session and no requests to the client';
const noCustom = 'has no API for custom notifications';
const noRoots = 'has no API to read the roots';
const noTouch = 'has no API to notify of resource updates';
const noRegister = 'cannot register a tool once it has started';
const deprecatedRoots = 'does not request roots in protocol 2026-07-28, which deprecates them';
const oldStream = 'negotiates 2025-03-26 and then rejects the GET stream of that version (HTTP 400)';
const noCancel = 'gives tools no signal for cancellation';

const program =
  (file: string, ...args: string[]) =>
  () => [file, ...args];

/** Runs the stdio server of the official SDK behind supergateway. */
const gateway =
  (transport: string, ...args: string[]) =>
  (port: number) => [
    'node_modules/supergateway/dist/index.js',
    ...['--stdio', `"${process.execPath}" servers/sdkServer.mjs stdio`, '--outputTransport', transport, ...args],
    ...['--logLevel', 'none', '--port', String(port)],
  ];

/** The frameworks, in report order. */
export const frameworks: readonly Framework[] = [
  { name: 'fastmcp', args: program('servers/fastmcp.mjs') },
  {
    name: 'fastmcp, stateless',
    args: program('servers/fastmcp.mjs', 'stateless'),
    lacks: {
      'list changes': stateless,
      resource$: stateless,
      logs: stateless,
      custom: stateless,
      roots: stateless,
      elicitation: stateless,
      cancel: stateless,
    },
  },
  { name: '@hono/mcp, as in its README', args: program('servers/honoMcp.mjs') },
  { name: '@hono/mcp, sessions', args: program('servers/honoMcp.mjs', 'sessions') },
  { name: 'tmcp', args: program('servers/tmcp.mjs'), lacks: { custom: noCustom } },
  {
    name: 'tmcp, 2026-07-28',
    args: program('servers/tmcp.mjs'),
    isModern: true,
    lacks: { custom: noCustom, roots: deprecatedRoots },
  },
  {
    name: 'mcp-lite',
    args: program('servers/mcpLite.mjs'),
    lacks: {
      resource$: noTouch,
      logs: 'has no API for log messages',
      custom: noCustom,
      roots: noRoots,
      elicitation: stateless,
      cancel: noCancel,
    },
  },
  {
    name: 'mcp-lite, sessions',
    args: program('servers/mcpLite.mjs', 'sessions'),
    lacks: {
      'list changes': oldStream,
      resource$: noTouch,
      logs: 'has no API for log messages',
      custom: noCustom,
      roots: noRoots,
      elicitation: oldStream,
      cancel: noCancel,
    },
  },
  {
    name: 'mcp-use 2',
    args: program('servers/mcpUse.mjs'),
    lacks: { 'list changes': noRegister, resource$: stateless, roots: stateless, elicitation: stateless },
  },
  {
    name: 'mcp-use 2, 2026-07-28',
    args: program('servers/mcpUse.mjs'),
    isModern: true,
    lacks: { 'list changes': noRegister },
  },
  {
    name: '@mastra/mcp, 2026-07-28',
    args: program('servers/mastra.mjs'),
    isModern: true,
    lacks: { custom: noCustom, roots: noRoots },
  },
  {
    name: '@rekog/mcp-nest',
    args: program('servers/mcpNest.mjs'),
    lacks: {
      'list changes': 'announces list changes to subscriptions of protocol 2026-07-28 only',
      resource$: 'does not handle resources/subscribe',
    },
  },
  {
    name: '@rekog/mcp-nest, 2026-07-28',
    args: program('servers/mcpNest.mjs'),
    isModern: true,
    lacks: {
      resource$: noTouch,
      custom: 'sends custom notifications on the connection, which protocol 2026-07-28 does not have',
      roots: noRoots,
      elicitation: 'returns a question to the client (input_required) as the text of the result',
    },
  },
  { name: 'SDK 2, node', args: program('servers/sdkV2.mjs', 'sessions') },
  {
    name: 'SDK 2, createMcpHandler',
    args: program('servers/sdkV2.mjs'),
    lacks: { 'list changes': stateless, resource$: stateless, roots: stateless, elicitation: stateless },
  },
  { name: 'SDK 2, createMcpHandler, 2026-07-28', args: program('servers/sdkV2.mjs'), isModern: true },
  {
    name: 'mcp-framework',
    args: program('servers/mcpFramework.mjs'),
    lacks: {
      'list changes': noRegister,
      resource$: noTouch,
      custom: noCustom,
      cancel: 'handles notifications/cancelled itself and aborts no call',
    },
  },
  {
    name: 'xmcp',
    args: program('xmcp/dist/http.js'),
    lacks: {
      'list changes': noRegister,
      resource$: stateless,
      logs: 'does not declare the logging capability',
      roots: stateless,
      elicitation: stateless,
    },
  },
  {
    name: 'xmcp, 2026-07-28',
    args: program('xmcp/dist/http.js'),
    isModern: true,
    lacks: { 'list changes': noRegister, resource$: noTouch, logs: 'does not declare the logging capability' },
  },
  {
    name: 'litemcp',
    args: program('zod3/litemcp.mjs'),
    path: '/sse',
    lacks: {
      progress: 'has no API for progress',
      'list changes': 'sends no list changes',
      resource$: noTouch,
      custom: noCustom,
      roots: noRoots,
      elicitation: 'has no API for elicitation',
      cancel: noCancel,
    },
  },
  { name: 'supergateway, SSE', args: gateway('sse'), path: '/sse' },
  { name: 'supergateway, stateful', args: gateway('streamableHttp', '--stateful') },
  {
    name: 'supergateway, stateless',
    args: gateway('streamableHttp'),
    lacks: {
      'list changes': stateless,
      resource$: stateless,
      roots: stateless,
      elicitation: stateless,
      cancel: stateless,
    },
  },
];
