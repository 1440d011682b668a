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

/** Returns the response of a minimal server to a request. */
export function answerTo({ id, method, params }) {
  return { jsonrpc: '2.0', id, result: results[method]?.(params) ?? {} };
}

/** Method of the notifications in a flood, unless `tokens` are given. */
const customMethod = 'bench/tick';

/**
 * Returns the notification with an index in a flood: a custom one or, with `tokens`, a progress notification whose token
 * alternates. It contains its index, so that a receiver can verify that none is missing.
 */
export function notificationAt(index, tokens) {
  return tokens === undefined
    ? { jsonrpc: '2.0', method: customMethod, params: { index, text: 'a line of text, as logs and heartbeats have' } }
    : {
        jsonrpc: '2.0',
        method: 'notifications/progress',
        params: { progressToken: `token-${index % tokens}`, progress: index, total: 1_000_000_000 },
      };
}

/** Returns the resource update with an index in a flood on a subscription. Only `_meta` has room for the index. */
export function updateAt(index, subscription) {
  return {
    jsonrpc: '2.0',
    method: 'notifications/resources/updated',
    params: { uri: 'memo://bench', _meta: { 'io.modelcontextprotocol/subscriptionId': subscription, index } },
  };
}

/** Returns the acknowledgement of a subscription, which accepts everything that was requested. */
export function acknowledgementOf({ id, params: { notifications } }) {
  return {
    jsonrpc: '2.0',
    method: 'notifications/subscriptions/acknowledged',
    params: { notifications, _meta: { 'io.modelcontextprotocol/subscriptionId': id } },
  };
}

/** The approximate number of characters per write. */
const chunkLength = 64 * 1024;

const formats = {
  lines: (json) => `${json}\n`,
  sse: (json) => `event: message\ndata: ${json}\n\n`,
  sseWithIds: (json, index) => `event: message\nid: stream-1_${index}\ndata: ${json}\n\n`,
};

/** Renders `n` notifications to bytes in advance, so that the sender only has to write. */
export function floodChunks({ n, tokens, subscription, format, ids = false }) {
  const write = formats[ids ? `${format}WithIds` : format];
  const chunks = [];
  let text = '';
  for (let index = 0; index < n; index++) {
    const notification = subscription === undefined ? notificationAt(index, tokens) : updateAt(index, subscription);
    text += write(JSON.stringify(notification), index);
    if (text.length < chunkLength && index < n - 1) continue;
    chunks.push(Buffer.from(text));
    text = '';
  }
  return chunks;
}
