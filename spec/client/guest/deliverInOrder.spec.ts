import { Client as ModernClient } from '@modelcontextprotocol/client';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import type { JSONRPCMessage } from '@modelcontextprotocol/sdk/types.js';
import type { SessionTransport } from 'rx-mcp';
import { deliverInOrder } from '../../../lib/client/guest/sessionTransport';

type Deliver = (message: JSONRPCMessage) => void;

/** A transport that responds to a call with three progress notifications and the result, in the same turn. */
function burstTransport(through: (deliver: Deliver) => Deliver): SessionTransport {
  const deliver = through((message) => transport.onmessage?.(message));
  const result = {
    protocolVersion: '2025-11-25',
    capabilities: { tools: {} },
    serverInfo: { name: 's', version: '1' },
  };
  const transport: SessionTransport = {
    start: () => Promise.resolve(),
    close: () => Promise.resolve(),
    async send(message) {
      if (!('method' in message) || !('id' in message)) return;
      const { id, method, params } = message;
      if (method === 'initialize') {
        deliver({ jsonrpc: '2.0', id, result });
        return;
      }
      for (const progress of [1, 2, 3]) {
        const report = { progressToken: params?._meta?.progressToken, progress };
        deliver({ jsonrpc: '2.0', method: 'notifications/progress', params: report });
      }
      deliver({ jsonrpc: '2.0', id, result: { content: [] } });
    },
  };
  return transport;
}

const clientInfo = { name: 'guest', version: '1.0.0' };

const clients = {
  async '@modelcontextprotocol/sdk'(transport: SessionTransport, onprogress: (report: { progress: number }) => void) {
    const client = new Client(clientInfo);
    await client.connect(transport);
    await client.callTool({ name: 'burst' }, undefined, { onprogress });
  },
  async '@modelcontextprotocol/client'(
    transport: SessionTransport,
    onprogress: (report: { progress: number }) => void,
  ) {
    const client = new ModernClient(clientInfo);
    await client.connect(transport);
    await client.callTool({ name: 'burst' }, { onprogress });
  },
};

describe.each(Object.entries(clients))('deliverInOrder with the client of %s', (_name, call) => {
  const progressOf = async (through: (deliver: Deliver) => Deliver): Promise<number[]> => {
    const seen: number[] = [];
    await call(burstTransport(through), ({ progress }) => seen.push(progress));
    return seen;
  };

  it('delivers progress before the result that arrives with it', async () => {
    expect(await progressOf(deliverInOrder)).toEqual([1, 2, 3]);
  });

  it('is required: without it, the client drops progress', async () => {
    expect(await progressOf((deliver) => deliver)).not.toEqual([1, 2, 3]);
  });
});

describe('deliverInOrder', () => {
  it('keeps the order of everything that arrives in one turn', async () => {
    const seen: unknown[] = [];
    const deliver = deliverInOrder((message) => seen.push('method' in message ? message.method : message.id));
    for (let n = 0; n < 10; n++) {
      deliver({ jsonrpc: '2.0', method: `n${n}` });
      deliver({ jsonrpc: '2.0', id: n, result: {} });
    }
    await new Promise(setImmediate);
    expect(seen).toEqual(Array.from({ length: 10 }, (_, n) => [`n${n}`, n]).flat());
  });
});
