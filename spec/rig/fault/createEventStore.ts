import { randomUUID } from 'node:crypto';
import { InMemoryEventStore } from '@modelcontextprotocol/sdk/examples/shared/inMemoryEventStore.js';
import type { EventStore } from '@modelcontextprotocol/sdk/server/streamableHttp.js';
import type { JSONRPCMessage } from '@modelcontextprotocol/sdk/types.js';
import type { FaultServerOptions } from './faultServerOptions';

/** A store of the given kind, for one session. */
export function createEventStore(kind: FaultServerOptions['eventStore']): EventStore | undefined {
  switch (kind) {
    case 'correct':
      return orderedStore(false);
    case 'inclusive':
      return orderedStore(true);
    case 'example':
      return new InMemoryEventStore();
    default:
      return undefined;
  }
}

/** Ids are unique, in order, and known to belong to a stream. */
function orderedStore(inclusive: boolean): EventStore {
  const prefix = randomUUID().slice(0, 8);
  const events: { id: string; streamId: string; message: JSONRPCMessage }[] = [];
  const positionOf = (id: string): number => Number(id.slice(prefix.length + 1)) - 1;
  const find = (id: string) => (id.startsWith(prefix) ? events[positionOf(id)] : undefined);
  return {
    storeEvent: async (streamId, message) => {
      const id = `${prefix}-${events.length + 1}`;
      events.push({ id, streamId, message });
      return id;
    },
    getStreamIdForEventId: async (id) => find(id)?.streamId,
    replayEventsAfter: async (lastId, { send }) => {
      const streamId = find(lastId)?.streamId ?? '';
      for (const event of events.slice(positionOf(lastId) + (inclusive ? 0 : 1))) {
        // The event that opens a stream has no message in it.
        if (event.streamId === streamId && 'jsonrpc' in event.message) await send(event.id, event.message);
      }
      return streamId;
    },
  };
}
