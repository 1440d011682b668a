// Callbacks instead of streams: npx tsx examples/handlers.ts [url]
import { HttpConnector, MCPSession, ofMethod, type NotificationHandler } from 'rx-mcp';
import { firstValueFrom } from 'rxjs';
import { givenServer } from '../demo/server/givenServer';

const server = await givenServer();
const session = new MCPSession(new HttpConnector(server.url));
await session.connect();

/** Makes the server send a notification, and resolves when it has arrived. */
const emit = (method: string) =>
  Promise.all([
    firstValueFrom(session.notifications$.pipe(ofMethod(method))),
    session.callTool('emit', { method, params: { user: 'Ada' } }),
  ]);

// A handler receives every notification. `on` returns a function that removes the handler.
const log: NotificationHandler = ({ method, params }) => {
  if (method !== 'custom/heartbeat') console.log(method, JSON.stringify(params));
};
const off = session.on('notification', log);
await emit('custom/user-joined');
off();
await emit('custom/user-left');

// A handler may be async. If it throws or rejects, errors$ emits a HandlerError.
const failed = firstValueFrom(session.errors$);
session.on('notification', async () => {
  await session.ping();
  throw new Error('no luck');
});
await emit('custom/anything');
const { name, cause } = await failed;
console.log(name, String(cause));

await session.disconnect();
await server.stop();
