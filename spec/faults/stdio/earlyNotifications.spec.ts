import type { Notification } from 'rx-mcp';
import { useStdio } from './useStdio';

describe('a server that sends before connect() resolves', () => {
  const start = useStdio();

  it('is heard by whoever subscribed before that, also what came before its answer to initialize', async () => {
    const { session } = start({ flags: { early: true, onInitialized: true } });
    const methods: string[] = [];
    session.notifications$.subscribe(({ method }) => methods.push(method));

    await session.connect();
    await session.callTool('echo');

    expect(methods).toEqual(['custom/early', 'custom/initialized']);
  });

  it('is heard by a handler that was set before that, too', async () => {
    const { session } = start({ flags: { early: true } });
    const heard: Notification[] = [];
    session.on('notification', (notification) => void heard.push(notification));

    await session.connect();

    expect(heard).toEqual([{ method: 'custom/early' }]);
  });

  it('is on messages$ in the order of the wire, around the answer to initialize', async () => {
    const { session } = start({ flags: { early: true, onInitialized: true } });
    const kinds: string[] = [];
    session.messages$.subscribe((message) =>
      kinds.push(message.kind === 'notification' ? message.notification.method : message.kind),
    );

    await session.connect();
    await session.ping();

    expect(kinds).toEqual(['custom/early', 'response', 'custom/initialized', 'response']);
  });
});
