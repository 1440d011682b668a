// Subscribes and unsubscribes ten thousand times, in every way.
import {
  ListResourcesRequestSchema,
  ListToolsRequestSchema,
  ReadResourceRequestSchema,
  SubscribeRequestSchema,
  UnsubscribeRequestSchema,
} from '@modelcontextprotocol/sdk/types.js';
import { getEventListeners } from 'node:events';
import { listChanged, logMessage, MCPSession, ofMethod, progressOf, resourceUpdated } from 'rx-mcp';
import { firstValueFrom, type Observable } from 'rxjs';
import { z } from 'zod';
import { createMemoryServer } from '../../../rig/createMemoryServer';
import { soak } from './soak';

const memory = createMemoryServer({
  capabilities: { tools: {}, resources: { subscribe: true } },
  prepare: (server) => {
    server.setRequestHandler(ListToolsRequestSchema, () => ({ tools: [] }));
    server.setRequestHandler(ListResourcesRequestSchema, () => ({ resources: [] }));
    server.setRequestHandler(ReadResourceRequestSchema, ({ params: { uri } }) => ({ contents: [{ uri, text: 'a' }] }));
    server.setRequestHandler(SubscribeRequestSchema, () => ({}));
    server.setRequestHandler(UnsubscribeRequestSchema, () => ({}));
  },
});
const session = new MCPSession(memory.connector());
await session.connect();
const { notifications$ } = session;
const { signal } = new AbortController();
const schema = z.object({ count: z.number() });

const briefly = (source$: Observable<unknown>) => (): void => source$.subscribe().unsubscribe();
const untilFirst = async (source$: Observable<unknown>): Promise<void> => {
  await firstValueFrom(source$);
};

const ways: Record<string, (n: number) => Promise<void> | void> = {
  notifications: briefly(notifications$),
  messages: briefly(session.messages$),
  errors: briefly(session.errors$),
  status: briefly(session.status$),
  gaps: briefly(session.gaps$),
  connections: briefly(session.connections$),
  requests: briefly(session.requests$),
  roots: briefly(session.roots$),
  sameMethod: briefly(notifications$.pipe(ofMethod('custom/tick'))),
  otherMethods: (n) => briefly(notifications$.pipe(ofMethod(`custom/tick-${n}`)))(),
  schema: briefly(notifications$.pipe(ofMethod('custom/tick', schema))),
  progress: (n) => briefly(notifications$.pipe(progressOf(`token-${n}`)))(),
  resourceUpdated: (n) => briefly(notifications$.pipe(resourceUpdated(`test://${n}`)))(),
  listChanged: briefly(notifications$.pipe(listChanged())),
  logMessage: briefly(notifications$.pipe(logMessage('warning'))),
  on: () => session.on('notification', () => undefined)(),
  handle: () => session.handle('custom/ask', () => Promise.resolve({}))(),
  tools: () => untilFirst(session.tools$),
  resource: (n) => untilFirst(session.resource$(`test://${n}`)),
  sameResource: () => untilFirst(session.resource$('test://one')),
  abandonedCall: () => session.callTool$('never', {}, { signal }).subscribe().unsubscribe(),
  ping: () => session.ping({ signal }),
};

for (const [name, way] of Object.entries(ways)) {
  await soak(name, 10_000, async (n) => {
    await way(n);
    // The sent messages are not needed.
    memory.received.length = 0;
  });
}

if (getEventListeners(signal, 'abort').length > 0) throw new Error('listeners are left on the signal');
await session.disconnect();
