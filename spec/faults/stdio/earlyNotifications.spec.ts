import type { Notification } from 'rx-mcp';
import { useStdio } from './useStdio';

describe('notifications before connect() resolves', () => {
  const start = useStdio();

  it('are emitted to earlier subscribers, also before the response to initialize', async () => {
    const { session } = start({ flags: { early: true, onInitialized: true } });
    const methods: string[] = [];
    session.notifications$.subscribe(({ method }) => methods.push(method));

    await session.connect();
    await session.callTool('echo');

    expect(methods).toEqual(['custom/early', 'custom/initialized']);
  });

  it('are passed to an earlier handler', async () => {
    const { session } = start({ flags: { early: true } });
    const received: Notification[] = [];
    session.on('notification', (notification) => void received.push(notification));

    await session.connect();

    expect(received).toEqual([{ method: 'custom/early' }]);
  });

  it('are emitted on messages$ in wire order', async () => {
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
