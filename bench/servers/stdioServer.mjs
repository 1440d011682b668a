import { createInterface } from 'node:readline';
import { answerTo, floodChunks } from './messages.mjs';

/**
 * A minimal MCP server over standard input and output. Once initialized it sends `n` notifications, as fast as the client
 * reads. A tool call is answered with three progress notifications and the result, in one write.
 */
const { n = 0 } = JSON.parse(process.argv[2] ?? '{}');
const chunks = floodChunks({ n, format: 'lines' });

function callTool({ id, params }) {
  const { progressToken } = params._meta;
  const progress = [1, 2, 3].map((step) => ({
    jsonrpc: '2.0',
    method: 'notifications/progress',
    params: { progressToken, progress: step, total: 3 },
  }));
  const result = { jsonrpc: '2.0', id, result: { content: [] } };
  process.stdout.write([...progress, result].map((message) => JSON.stringify(message) + '\n').join(''));
}

createInterface({ input: process.stdin }).on('line', (line) => {
  const message = JSON.parse(line);
  if (message.method === 'notifications/initialized') for (const chunk of chunks) process.stdout.write(chunk);
  else if (message.method === 'tools/call') callTool(message);
  else if (message.id !== undefined) process.stdout.write(JSON.stringify(answerTo(message)) + '\n');
});
