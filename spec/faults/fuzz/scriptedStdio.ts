// A stdio server that writes the chunks that a call contains, and returns the ids of its requests that were answered.
import { createInterface } from 'node:readline';
import { setImmediate } from 'node:timers/promises';

interface Incoming {
  id?: unknown;
  method?: string;
  params?: { arguments?: { chunks?: string[] } };
}

const answered: unknown[] = [];
const respond = (id: unknown, result: object): void => {
  process.stdout.write(`${JSON.stringify({ jsonrpc: '2.0', id, result })}\n`);
};
const serverInfo = { name: 'scripted', version: '1.0.0' };

async function handle({ id, method, params }: Incoming): Promise<void> {
  if (method === undefined) answered.push(id);
  else if (method === 'initialize')
    respond(id, { protocolVersion: '2025-11-25', capabilities: { tools: {} }, serverInfo });
  else if (method === 'tools/call') {
    for (const chunk of params?.arguments?.chunks ?? []) {
      process.stdout.write(Buffer.from(chunk, 'base64'));
      await setImmediate();
    }
    respond(id, { content: [], structuredContent: { answered } });
  } else if (id !== undefined) respond(id, {});
}

createInterface({ input: process.stdin }).on('line', (line) => void handle(JSON.parse(line) as Incoming));
