/** Lines that a server must not write, each invalid in a different way, followed by one valid notification. */
export const garbage = [
  '{"jsonrpc":"2.0","method":"custom/cut-off","par',
  'not even JSON',
  '',
  '{}',
  'null',
  JSON.stringify([
    { jsonrpc: '2.0', method: 'custom/batched', params: { n: 1 } },
    { jsonrpc: '2.0', method: 'custom/batched', params: { n: 2 } },
  ]),
  JSON.stringify({ jsonrpc: '2.0', method: 'notifications/progress', params: { progress: 'half' } }),
  JSON.stringify({ jsonrpc: '2.0', method: 'notifications/resources/updated' }),
  JSON.stringify({ jsonrpc: '2.0', method: 'custom/extra-key', params: {}, extra: true }),
  JSON.stringify({ jsonrpc: '2.0', id: 'nobody-asked', result: {} }),
  JSON.stringify({ jsonrpc: '2.0', method: 'custom/after-garbage' }),
];
