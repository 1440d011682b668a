const results = {
  initialize: ({ protocolVersion }) => ({
    protocolVersion,
    capabilities: {
      tools: { listChanged: true },
      prompts: { listChanged: true },
      resources: { subscribe: true },
      logging: {},
    },
    serverInfo: { name: 'bench', version: '1.0.0' },
  }),
  'server/discover': () => ({
    resultType: 'complete',
    supportedVersions: ['2026-07-28'],
    capabilities: { tools: {}, resources: { subscribe: true } },
    ttlMs: 0,
    cacheScope: 'private',
  }),
  'tools/list': () => ({ tools: [{ name: 'work', inputSchema: { type: 'object' } }] }),
  'prompts/list': () => ({ prompts: [] }),
  'resources/list': () => ({ resources: [] }),
  'resources/templates/list': () => ({ resourceTemplates: [] }),
};

/** What a server that can next to nothing answers to a request. */
export function answerTo({ id, method, params }) {
  return { jsonrpc: '2.0', id, result: results[method]?.(params) ?? {} };
}
