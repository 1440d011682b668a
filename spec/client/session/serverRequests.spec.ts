import {
  HandlerError,
  type IncomingRequest,
  type MCPSession,
  type Request,
  type RequestHandler,
  type RequestMap,
  ServerError,
} from 'rx-mcp';
import { EMPTY, filter, firstValueFrom, NEVER, Observable, of, Subject, throwError } from 'rxjs';
import { openSession } from '../../rig/openSession';
import { record, type Recording } from '../../rig/record';
import { type FaultServer, startFaultServer } from '../../rig/startFaultServer';

type Answer = RequestMap['elicitation/create']['result'];

const accepted: Answer = { action: 'accept', content: { name: 'Ada' } };
const question = { message: 'Who are you?', requestedSchema: { type: 'object', properties: {} } };

describe('server requests', () => {
  let server: FaultServer;
  let session: MCPSession;
  let errors: Recording<Error>;

  const ask = (params: Record<string, unknown> = question): Promise<unknown> =>
    server.ask('elicitation/create', params);
  /** Returns the capabilities that the latest client declared. */
  const declared = async (): Promise<unknown> => {
    const { sessionsOpened: nth } = await server.counts();
    const { params } = await server.waitFor({ type: 'message', method: 'initialize' }, { nth });
    return (params as { capabilities: unknown }).capabilities;
  };
  /** Returns the number of responses that have arrived. */
  const responses = async (): Promise<number> => (await server.counts()).messages.response ?? 0;
  /** Kills and restarts the server. Resolves when the client has reconnected. */
  const restart = async (): Promise<void> => {
    const reconnecting = firstValueFrom(session.status$.pipe(filter(({ state }) => state === 'reconnecting')));
    await server.restart();
    await reconnecting;
    await firstValueFrom(session.status$.pipe(filter((status) => status.state === 'connected' && status.listening)));
  };
  /** An Observable that records when it is subscribed to, and when it is unsubscribed from. */
  const watched = (): { source$: Observable<Answer>; life: Recording<string> } => {
    let emit: (event: string) => void = () => {};
    const life = record(
      new Observable<string>((subscriber) => {
        emit = (event) => subscriber.next(event);
      }),
    );
    const source$ = new Observable<Answer>(() => {
      emit('subscribed');
      return () => emit('unsubscribed');
    });
    return { source$, life };
  };

  beforeAll(async () => {
    server = await startFaultServer();
  });
  afterAll(() => server.stop());

  beforeEach(() => {
    ({ session } = openSession(server.url));
    errors = record(session.errors$);
  });
  afterEach(() => session.disconnect());

  describe('with a handler', () => {
    it.each([
      ['value', () => accepted],
      ['promise', () => Promise.resolve(accepted)],
      ['Observable', () => of<Answer[]>(accepted, { action: 'decline' })],
      [
        'generator',
        async function* () {
          yield accepted;
        },
      ],
    ])('are answered with a %s', async (_, handler) => {
      session.handle('elicitation/create', handler);
      await session.connect();

      expect(await ask()).toEqual(accepted);
      expect(errors.values).toEqual([]);
    });

    it('do not include pings, which the library answers', async () => {
      let handled = 0;
      session.handle('ping', () => {
        handled++;
        return {};
      });
      await session.connect();

      expect(await server.ask('ping')).toEqual({});
      expect(handled).toBe(0);
    });

    it('are delivered to the handler in one piece', async () => {
      const requests: Request[] = [];
      session.handle('custom/question', (request) => {
        requests.push(request);
        return {};
      });
      await session.connect();

      await server.ask('custom/question', { a: 1 });

      expect(requests).toEqual([{ method: 'custom/question', params: { a: 1 } }]);
    });

    it('arrive on the stream of a call, and the handler may make calls', async () => {
      session.handle('custom/question', async () => {
        const { content } = await session.callTool('echo', { from: 'inside' });
        return { content };
      });
      await session.connect();

      const { structuredContent } = await session.callTool('ask', { method: 'custom/question' });

      expect(structuredContent).toEqual({ content: [{ type: 'text', text: '{"from":"inside"}' }] });
    });

    it('unsubscribe from the handler and send no response when the server cancels', async () => {
      const { source$, life } = watched();
      session.handle('elicitation/create', () => source$);
      await session.connect();
      const before = await responses();
      const refused = expect(ask()).rejects.toThrow('cancelled by the panel');
      await life.nth(1);

      await server.cancelAsks();

      expect(await life.nth(2)).toBe('unsubscribed');
      await refused;
      await session.ping();
      expect(await responses()).toBe(before);
      expect(errors.values).toEqual([]);
    });

    it('leave nothing open when request and cancellation arrive together', async () => {
      let open = 0;
      const open$ = new Observable<Answer>(() => {
        open++;
        return () => open--;
      });
      const inbox = new Set<IncomingRequest>();
      session.handle('custom/question', () => open$);
      session.requests$.subscribe((incoming) => {
        inbox.add(incoming);
        incoming.cancelled.addEventListener('abort', () => inbox.delete(incoming));
      });
      await session.connect();
      const before = await responses();
      const inOneGo = ['custom/question', 'custom/other'].flatMap((method, id) => [
        { jsonrpc: '2.0', id: `${id}`, method },
        { jsonrpc: '2.0', method: 'notifications/cancelled', params: { requestId: `${id}` } },
      ]);

      const last = firstValueFrom(session.notifications$.pipe(filter(({ method }) => method === 'custom/last')));
      await server.raw(inOneGo.map((message) => `data: ${JSON.stringify(message)}\n\n`).join(''));
      await server.notify('custom/last');
      await last;
      await session.ping();

      expect(open).toBe(0);
      expect(inbox).toEqual(new Set());
      expect(await responses()).toBe(before);
    });

    it('unsubscribe from the handler after its response', async () => {
      let isOpen = true;
      const answer$ = new Observable<Answer>((subscriber) => {
        subscriber.next(accepted);
        return () => (isOpen = false);
      });
      session.handle('elicitation/create', () => answer$);
      await session.connect();

      await ask();

      expect(isOpen).toBe(false);
    });

    it('unsubscribe from the handler when the connection is lost and when the session ends', async () => {
      const { source$, life } = watched();
      session.handle('elicitation/create', () => source$);
      await session.connect();
      ask().catch(() => {});
      await life.nth(1);
      await restart();
      expect(await life.nth(2)).toBe('unsubscribed');

      ask().catch(() => {});
      await life.nth(3);
      const ended = session.disconnect();
      expect(life.values.at(-1)).toBe('unsubscribed');
      await ended;

      expect(await life.nth(4)).toBe('unsubscribed');
      expect(errors.values.filter((error) => error instanceof HandlerError)).toEqual([]);
    });

    it('declare a capability for a handler that is set before connecting', async () => {
      session.handle('sampling/createMessage', () => NEVER);
      session.handle('elicitation/create', () => NEVER);
      session.handle('custom/question', () => NEVER);
      await session.connect();

      expect(await declared()).toEqual({ roots: { listChanged: true }, sampling: {}, elicitation: {} });
    });

    it('declare the capability of the options instead of the implied one', async () => {
      ({ session } = openSession(server.url, { capabilities: { elicitation: { url: {} }, experimental: { a: {} } } }));
      session.handle('elicitation/create', () => NEVER);
      await session.connect();

      expect(await declared()).toEqual({
        roots: { listChanged: true },
        elicitation: { url: {} },
        experimental: { a: {} },
      });
    });

    it('are answered without a declared capability by a handler that is set later', async () => {
      await session.connect();
      session.handle('elicitation/create', () => accepted);

      expect(await declared()).toEqual({ roots: { listChanged: true } });
      expect(await ask()).toEqual(accepted);
    });

    it('declare the capability of a later handler on the next connection', async () => {
      await session.connect();
      session.handle('elicitation/create', () => accepted);

      await restart();

      expect(await declared()).toEqual({ roots: { listChanged: true }, elicitation: {} });
    });

    it('declare no capability for a handler that was removed before connecting', async () => {
      session.handle('elicitation/create', () => accepted)();
      await session.connect();

      expect(await declared()).toEqual({ roots: { listChanged: true } });
      await expect(ask()).rejects.toThrow('-32601');
    });

    it('go to the latest handler, and to none after its removal', async () => {
      const removeFirst = session.handle('custom/question', () => ({ n: 1 }));
      const removeSecond = session.handle('custom/question', () => ({ n: 2 }));
      await session.connect();

      removeFirst();
      expect(await server.ask('custom/question')).toEqual({ n: 2 });
      removeSecond();
      await expect(server.ask('custom/question')).rejects.toThrow('-32601');
    });

    it.each([
      [
        'throws',
        () => {
          throw new Error('no luck');
        },
      ],
      ['rejects', () => Promise.reject(new Error('no luck'))],
      ['errors', () => throwError(() => new Error('no luck'))],
      ['completes without a value', () => EMPTY],
      ['returns undefined', () => undefined],
      ['returns a string', () => 'yes'],
      ['resolves with undefined', () => Promise.resolve(undefined)],
      ['emits a number', () => of(5)],
    ])('are answered with an internal error and reported when the handler %s', async (_, handler) => {
      session.handle('custom/question', handler as RequestHandler);
      await session.connect();

      await expect(server.ask('custom/question')).rejects.toThrow(/-32603.*custom\/question: the handler failed$/);

      expect(errors.values).toEqual([expect.any(HandlerError)]);
      expect(errors.values[0]?.cause).toBeInstanceOf(Error);
    });

    it("are rejected with the code of the handler's ServerError", async () => {
      session.handle('custom/question', () => throwError(() => new ServerError('not now', { code: -32042 })));
      await session.connect();

      await expect(server.ask('custom/question')).rejects.toThrow(/-32042.*not now/);
      expect(errors.values).toEqual([]);
    });

    it('are answered on each connection', async () => {
      session.handle('custom/question', () => ({ n: 1 }));
      await session.connect();

      await restart();

      expect(await server.ask('custom/question')).toEqual({ n: 1 });
    });

    it('are answered once if their event is replayed', async () => {
      let handled = 0;
      session.handle('custom/question', () => ({ n: ++handled }));
      await session.connect();
      const before = await responses();
      const send = (event: string, message: object): Promise<number> =>
        server.raw(`id: ${event}\ndata: ${JSON.stringify({ jsonrpc: '2.0', ...message })}\n\n`);

      const last = firstValueFrom(session.notifications$.pipe(filter(({ method }) => method === 'custom/last')));
      for (const event of ['one', 'one']) await send(event, { id: 'again', method: 'custom/question' });
      await send('two', { method: 'custom/last' });
      await last;

      await server.until(({ messages }) => messages.response === before + 1);
      await session.ping();
      expect(await responses()).toBe(before + 1);
      expect(handled).toBe(1);
    });

    it('are answered again if a different event has an answered id', async () => {
      let handled = 0;
      session.handle('custom/question', () => ({ n: ++handled }));
      await session.connect();
      const before = await responses();
      const send = (event: string): Promise<number> =>
        server.raw(`id: ${event}\ndata: {"jsonrpc":"2.0","id":"again","method":"custom/question"}\n\n`);

      await send('one');
      await server.until(({ messages }) => messages.response === before + 1);
      await send('two');

      await server.until(({ messages }) => messages.response === before + 2);
      expect(handled).toBe(2);
    });

    it('are reported, and not answered twice, if their id is still pending', async () => {
      const answer$ = new Subject<Record<string, unknown>>();
      let handled = 0;
      session.handle('custom/question', () => {
        handled++;
        return answer$;
      });
      await session.connect();
      const before = await responses();
      const reported = firstValueFrom(session.errors$);

      for (const event of ['one', 'two'])
        await server.raw(`id: ${event}\ndata: {"jsonrpc":"2.0","id":"again","method":"custom/question"}\n\n`);
      await expect(reported).resolves.toMatchObject({ name: 'InvalidNotificationError' });
      answer$.next({});

      await server.until(({ messages }) => messages.response === before + 1);
      expect(handled).toBe(1);
    });

    it('are answered each time if they are pings', async () => {
      await session.connect();
      const before = await responses();

      const ping = `data: ${JSON.stringify({ jsonrpc: '2.0', id: 'same', method: 'ping' })}\n\n`;
      for (const _ of [1, 2]) await server.raw(ping);

      const { messages } = await server.until(({ messages: { response = 0 } }) => response >= before + 2);
      expect(messages.response).toBe(before + 2);
      expect(errors.values).toEqual([]);
    });
  });

  describe('without a handler', () => {
    it('are rejected with method not found', async () => {
      await session.connect();

      await expect(server.ask('custom/question')).rejects.toThrow(/-32601.*custom\/question/);
      expect(errors.values).toEqual([]);
    });

    it('are answered by the library for roots/list', async () => {
      await session.connect();

      expect(await server.ask('roots/list')).toEqual({ roots: [] });
    });
  });

  describe('with an inbox', () => {
    const next = (): Promise<IncomingRequest> => firstValueFrom(session.requests$);

    it('wait for a response', async () => {
      const incoming = next();
      await session.connect();
      const answer = ask();

      const { request, respond, cancelled } = await incoming;
      expect(request).toEqual({ method: 'elicitation/create', params: question });
      expect(cancelled.aborted).toBe(false);
      respond(accepted);

      expect(await answer).toEqual(accepted);
    });

    it('are rejected and reported when the response is not an object', async () => {
      session.requests$.subscribe(({ respond }) => respond(undefined as never));
      await session.connect();

      await expect(ask()).rejects.toThrow(/-32603/);

      expect(errors.values).toEqual([expect.any(HandlerError)]);
    });

    it('are settled by the first respond or reject', async () => {
      session.requests$.subscribe(({ respond }) => respond({ n: 1 }));
      session.requests$.subscribe(({ respond, reject }) => {
        respond({ n: 2 });
        reject(new Error('too late'));
      });
      await session.connect();

      expect(await server.ask('custom/question')).toEqual({ n: 1 });
      expect(errors.values).toEqual([]);
    });

    it('are rejected with a code, or with an internal error', async () => {
      const refusals = [new ServerError('not now', { code: -32042 }), new Error('no luck')];
      session.requests$.subscribe(({ reject }) => reject(refusals.shift() ?? new Error()));
      await session.connect();

      await expect(server.ask('custom/question')).rejects.toThrow(/-32042.*not now/);
      await expect(server.ask('custom/question')).rejects.toThrow(/-32603.*no luck/);
    });

    it('abort `cancelled` when the server cancels, and ignore later responses', async () => {
      const incoming = next();
      await session.connect();
      const before = await responses();
      const refused = expect(ask()).rejects.toThrow('cancelled by the panel');
      const { cancelled, respond } = await incoming;
      const aborted = new Promise((resolve) => cancelled.addEventListener('abort', resolve));

      await server.cancelAsks();

      await Promise.all([aborted, refused]);
      respond(accepted);
      await session.ping();
      expect(await responses()).toBe(before);
      expect(errors.values).toEqual([]);
    });

    it('abort `cancelled` when the connection is lost and when the session ends', async () => {
      const incoming = record(session.requests$);
      await session.connect();
      ask().catch(() => {});
      const first = await incoming.nth(1);
      const aborted = new Promise((resolve) => first.cancelled.addEventListener('abort', resolve));
      await restart();
      await aborted;

      ask().catch(() => {});
      const second = await incoming.nth(2);
      await session.disconnect();

      expect(second.cancelled.aborted).toBe(true);
      await incoming.ended;
    });

    it('are not emitted on requests$ if there is a handler', async () => {
      const incoming = record(session.requests$);
      session.handle('elicitation/create', () => accepted);
      await session.connect();

      expect(await ask()).toEqual(accepted);
      expect(incoming.values).toEqual([]);
      incoming.stop();
    });

    it('declare no capability for a subscriber of requests$', async () => {
      const incoming = record(session.requests$);
      await session.connect();

      expect(await declared()).toEqual({ roots: { listChanged: true } });
      incoming.stop();
    });
  });
});
