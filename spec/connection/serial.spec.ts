import { createSerial } from '../../lib/connection/serial';
import type { JSONRPCMessage } from '../../lib/protocol/types';

const notification = (method: string): JSONRPCMessage => ({ jsonrpc: '2.0', method });
const response = (id: number): JSONRPCMessage => ({ jsonrpc: '2.0', id, result: {} });
const nameOf = (message: JSONRPCMessage): string => ('method' in message ? message.method : `response ${message.id}`);

describe('createSerial', () => {
  it('hands over at once what nothing came before', () => {
    const delivered: string[] = [];
    const hand = createSerial((message) => delivered.push(nameOf(message)));

    for (const id of [1, 2]) hand(response(id));
    hand(notification('a'));

    expect(delivered).toEqual(['response 1', 'response 2', 'a']);
  });

  it('waits after each notification for as long as the SDK takes to deal with it, and keeps the order', async () => {
    const events: string[] = [];
    const hand = createSerial((message) => {
      events.push(nameOf(message));
      // As the SDK does.
      if ('method' in message) void Promise.resolve().then(() => events.push(`${nameOf(message)} done`));
    });

    for (const message of [notification('a'), response(1), response(2), notification('b'), response(3)]) hand(message);
    expect(events).toEqual(['a']);
    await new Promise((resolve) => setImmediate(resolve));

    expect(events).toEqual(['a', 'a done', 'response 1', 'response 2', 'b', 'b done', 'response 3']);
  });
});
