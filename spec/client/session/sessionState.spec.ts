import {
  type Connection,
  ConnectionFailedError,
  ConnectionLostError,
  type Gap,
  MCPSession,
  type StreamState,
} from 'rx-mcp';
import { BehaviorSubject, NEVER, Observable, Subject } from 'rxjs';
import { record } from '../../rig/record';

/** Opens a session over a connection whose stream states are set by the spec. */
function open(reconnect: object = { initialDelay: 1, maxDelay: 1 }) {
  const stream$ = new BehaviorSubject<StreamState>({ listening: true });
  const end$ = new Subject<Error | undefined>();
  const connection = {
    protocolEra: 'legacy',
    protocolVersion: '2025-11-25',
    capabilities: {},
    serverInfo: { name: 'x', version: '1' },
    notifications$: NEVER,
    stream$,
    close: () => Promise.resolve(),
  } as unknown as Connection;
  const connect = () =>
    new Observable<Connection>((subscriber) => {
      subscriber.add(end$.subscribe((error) => (error ? subscriber.error(error) : subscriber.complete())));
      subscriber.next(connection);
    });
  const session = new MCPSession({ options: { reconnect }, connect });
  return { session, stream$, end$, statuses: record(session.status$), gaps: record<Gap>(session.gaps$) };
}

describe('status$', () => {
  it('never emits the same status twice in a row', async () => {
    const { session, stream$, statuses } = open();
    await session.connect();
    const connected = { state: 'connected', protocolVersion: '2025-11-25', protocolEra: 'legacy' };
    const retry = { attempt: 1, delay: 5, error: new ConnectionFailedError('GET: HTTP 503', { status: 503 }) };

    for (const since of [1, 2, 3]) stream$.next({ listening: false, since });
    for (const since of [4, 5]) stream$.next({ listening: false, since, retry });
    for (let time = 0; time < 3; time++) stream$.next({ listening: true });
    await session.disconnect();

    expect(statuses.values).toEqual([
      { state: 'idle' },
      { state: 'connecting' },
      { ...connected, listening: true },
      { ...connected, listening: false },
      { state: 'reconnecting', ...retry },
      { ...connected, listening: true },
      { state: 'closed' },
    ]);
  });
});

describe('the delay in status$', () => {
  it('is a whole number of milliseconds', async () => {
    const { session, stream$, statuses } = open();
    await session.connect();
    const error = new ConnectionFailedError('GET: HTTP 503', { status: 503 });
    stream$.next({ listening: false, since: 1, retry: { attempt: 1, delay: 437.28, error } });
    await session.disconnect();

    expect(statuses.values).toContainEqual({ state: 'reconnecting', attempt: 1, delay: 437, error });
  });

  it.each([{ initialDelay: 1.6, maxDelay: 1.6, jitter: 'none' } as const, { delay: 1.6 }])(
    'is a whole number of milliseconds after a lost connection: %j',
    async (reconnect) => {
      const { session, end$, statuses } = open(reconnect);
      await session.connect();
      end$.next(new ConnectionLostError('gone'));
      await session.disconnect();

      expect(statuses.values).toContainEqual(expect.objectContaining({ state: 'reconnecting', delay: 2 }));
    },
  );
});

describe('gaps$', () => {
  it('emits one gap for a lost connection, from when the stream was last known to be live', async () => {
    const { session, stream$, end$, gaps } = open();
    await session.connect();
    stream$.next({ listening: false, since: 5 });

    end$.next(new ConnectionLostError('gone'));
    const { since, cause } = await gaps.nth(1);

    expect({ since, cause }).toMatchObject({ since: 5, cause: { message: 'gone' } });
    await session.disconnect();
    expect(gaps.values).toHaveLength(1);
  });

  it('emits nothing for attempts that fail before the first connection', async () => {
    let attempts = 0;
    const { session: inner } = open();
    await inner.connect();
    const connector = {
      options: { reconnect: { initialDelay: 0, maxDelay: 0 } },
      connect: () =>
        new Observable<Connection>((subscriber) => {
          if (attempts++ < 3) subscriber.error(new ConnectionFailedError('refused'));
          else inner.connections$.subscribe(subscriber);
        }),
    };
    const session = new MCPSession(connector);
    const gaps = record(session.gaps$);

    await session.connect({ retry: true });
    await session.disconnect();

    expect(attempts).toBe(4);
    expect(gaps.values).toEqual([]);
    await inner.disconnect();
  });
});

describe('a connector that completes', () => {
  it('closes the session, even if its stream$ never completes', async () => {
    const { session, end$, statuses } = open();
    await session.connect();

    end$.next(undefined);

    expect(statuses.values.at(-1)).toEqual({ state: 'closed' });
    await expect(session.ping()).rejects.toMatchObject({ name: 'SessionClosedError' });
  });
});
