// Callbacks instead of streams: npx tsx examples/handlers.ts [url]
import { HttpConnector, MCPSession, ofMethod, type NotificationHandler } from 'rx-mcp';
import { firstValueFrom } from 'rxjs';
import { exampleServer } from '../demo/server/exampleServer';

const server = await exampleServer();
const session = new MCPSession(new HttpConnector(server.url));
await session.connect();

// A handler receives every notification. `on` returns a function that removes the handler.
const print: NotificationHandler = ({ method, params }) => {
  if (method !== 'custom/heartbeat') console.log(method, JSON.stringify(params));
};
const removeHandler = session.on('notification', print);
await emit('custom/user-joined');
removeHandler();
await emit('custom/user-left'); // not printed

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

/** Makes the server send a notification, and resolves when the notification has arrived. */
async function emit(method: string): Promise<void> {
  const arrived = firstValueFrom(session.notifications$.pipe(ofMethod(method)));
  await session.callTool('emit', { method, params: { user: 'Ada' } });
  await arrived;
}
