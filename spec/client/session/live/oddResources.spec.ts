import type { Server } from '@modelcontextprotocol/sdk/server/index.js';
import {
  McpError,
  ReadResourceRequestSchema,
  SubscribeRequestSchema,
  UnsubscribeRequestSchema,
} from '@modelcontextprotocol/sdk/types.js';
import { MCPSession, type SessionOptions, ServerError } from 'rx-mcp';
import { virtualTime } from 'rx-mcp/testing';
import { filter, firstValueFrom, map, type Observable, of, retry } from 'rxjs';
import { idle } from '../../../rig/idle';
import { record } from '../../../rig/record';
import { sdkServer, type SdkServer } from '../../../rig/sdkServer';

const uri = 'test://a';
const reconnect = { initialDelay: 1, maxDelay: 1, jitter: 'none' } as const;

/** Adds handlers to a server, in addition to those for reading. */
type SetUp = (sdk: Server) => void;

/** Creates a server whose resource contains how often it has been read. */
function readable(setUp?: SetUp): SdkServer {
  let reads = 0;
  return sdkServer({ resources: setUp ? { subscribe: true } : {} }, (sdk) => {
    sdk.setRequestHandler(ReadResourceRequestSchema, () => ({ contents: [{ uri, text: `reading ${++reads}` }] }));
    setUp?.(sdk);
  });
}
const subscribable: SetUp = (sdk) => {
  sdk.setRequestHandler(SubscribeRequestSchema, () => ({}));
  sdk.setRequestHandler(UnsubscribeRequestSchema, () => ({}));
};

describe('live resources of a non-conforming server', () => {
  let session: MCPSession;

  const text$ = (pollInterval?: number): Observable<unknown> =>
    session.resource$(uri, { pollInterval }).pipe(map(([content]) => content && 'text' in content && content.text));
  const open = async (server: SdkServer, options?: SessionOptions): Promise<void> => {
    session = new MCPSession(server.connector({ reconnect }), options);
    await session.connect();
  };
  const state = (wanted: string): Promise<unknown> =>
    firstValueFrom(session.status$.pipe(filter((status) => status.state === wanted)));

  afterEach(() => session.disconnect());

  it('are read once and complete with a typed warning without subscriptions', async () => {
    const server = readable();
    await open(server);
    const errors = record(session.errors$);

    const contents = record(text$());
    await contents.ended;

    expect(contents.values).toEqual(['reading 1']);
    expect(errors.values).toEqual([expect.any(ServerError)]);
    expect(errors.values[0]).toMatchObject({
      code: -32601,
      message: 'resource$: the server does not support resource subscriptions; resources update only with pollInterval',
    });
    // A later subscriber triggers another read.
    expect(await firstValueFrom(text$())).toBe('reading 2');
    expect(server.count('resources/unsubscribe')).toBe(0);
  });

  it('are polled with pollInterval without subscriptions', async () => {
    const { scheduler, advance } = virtualTime();
    const server = readable();
    await open(server, { scheduler });
    const errors = record(session.errors$);
    const contents = record(text$(1_000));
    await contents.nth(1);

    for (const n of [2, 3, 4]) {
      await advance(999);
      await idle();
      expect(contents.values).toHaveLength(n - 1);
      await advance(1);
      expect(await contents.nth(n)).toBe(`reading ${n}`);
    }
    contents.stop();
    await advance(10_000);
    await idle();

    expect(server.count('resources/read')).toBe(4);
    expect(errors.values).toEqual([]);
  });

  it('have one pending read at a time', async () => {
    const { scheduler, advance } = virtualTime();
    let release: () => void = () => {};
    const server = sdkServer({ resources: {} }, (sdk) => {
      sdk.setRequestHandler(ReadResourceRequestSchema, async () => {
        await new Promise<void>((resolve) => (release = resolve));
        return { contents: [{ uri, text: 'slow' }] };
      });
    });
    await open(server, { scheduler });
    const contents = record(text$(100));
    await idle();
    expect(server.count('resources/read')).toBe(1);

    await advance(1_000);
    await idle();
    expect(server.count('resources/read')).toBe(1);

    release();
    await contents.nth(1);
    await idle();
    expect(server.count('resources/read')).toBe(2);
    contents.stop();
  });

  it('are not polled with subscriptions', async () => {
    const { scheduler, advance } = virtualTime();
    const server = readable(subscribable);
    await open(server, { scheduler });
    const contents = record(text$(1_000));
    await contents.nth(1);

    await advance(10_000);
    await idle();

    expect(contents.values).toEqual(['reading 1']);
    contents.stop();
  });

  it.each([-32601, -32603, -32055])(
    'are read once, with a typed warning, if the server rejects the subscription with %d',
    async (code) => {
      const server = readable((sdk) => {
        sdk.setRequestHandler(SubscribeRequestSchema, () => {
          throw new McpError(code, 'not for you');
        });
      });
      await open(server);
      const errors = record(session.errors$);
      const contents = record(text$());
      await contents.ended;

      expect(contents.values).toEqual(['reading 1']);
      expect(errors.values).toMatchObject([{ name: 'ServerError', code, message: expect.stringContaining(uri) }]);
    },
  );

  it('are polled with pollInterval if the server rejects the subscription', async () => {
    const { scheduler, advance } = virtualTime();
    const server = readable((sdk) => {
      sdk.setRequestHandler(SubscribeRequestSchema, () => {
        throw new McpError(-32603, 'not for you');
      });
    });
    await open(server, { scheduler });
    const errors = record(session.errors$);
    const contents = record(text$(1_000));
    await contents.nth(1);
    await advance(1_000);

    expect(await contents.nth(2)).toBe('reading 2');
    expect(errors.values).toEqual([]);
    contents.stop();
  });

  it('send no subscription to a server that does not declare them, and warn once per session', async () => {
    const server = readable();
    await open(server);
    const errors = record(session.errors$);

    await record(text$()).ended;
    await record(session.resource$('test://b')).ended;

    expect(server.count('resources/subscribe')).toBe(0);
    expect(server.count('resources/read')).toBe(2);
    expect(errors.values).toHaveLength(1);
  });

  it('error with the read error if they cannot be read', async () => {
    await open(sdkServer({ resources: {} }, subscribable));
    const errors = record(session.errors$);

    await expect(firstValueFrom(text$())).rejects.toMatchObject({ code: -32601 });

    expect(errors.values).toEqual([]);
  });

  it('are read again when the server does not respond, and report it', async () => {
    const { scheduler, advance } = virtualTime();
    let isSilent = true;
    const server = readable((sdk) => {
      sdk.setRequestHandler(SubscribeRequestSchema, () => (isSilent ? new Promise<never>(() => {}) : {}));
    });
    await open(server, { scheduler, timeout: 5_000 });
    const errors = record(session.errors$);
    const contents = record(text$());
    await idle();
    isSilent = false;

    await advance(5_000);
    expect(await errors.nth(1)).toMatchObject({ name: 'RequestTimeoutError', timeout: 5_000 });
    await advance(500);

    expect(await contents.nth(1)).toBe('reading 1');
    expect(server.count('notifications/cancelled')).toBe(1);
    contents.stop();
  });

  it('are restored on a new connection before status$ emits connected', async () => {
    let release: () => void = () => {};
    let connections = 0;
    const server = readable((sdk) => {
      const isFirst = ++connections === 1;
      sdk.setRequestHandler(SubscribeRequestSchema, async () => {
        if (!isFirst) await new Promise<void>((resolve) => (release = resolve));
        return {};
      });
    });
    await open(server);
    const contents = record(text$());
    await contents.nth(1);

    await server.current.close();
    await state('reconnecting');
    const states = record(session.status$.pipe(map((status) => status.state)));
    await firstValueFrom(session.messages$.pipe(filter(({ kind }) => kind === 'response')));
    await idle();
    expect(server.count('resources/subscribe')).toBe(2);
    expect(new Set(states.values)).toEqual(new Set(['reconnecting']));
    expect(server.count('resources/read')).toBe(1);

    release();
    await state('connected');
    await contents.nth(2);
    expect(server.count('resources/subscribe')).toBe(2);
    contents.stop();
    states.stop();
  });

  it('continue when a session that closed with an error is connected again', async () => {
    const server = readable(subscribable);
    session = new MCPSession(server.connector({ reconnect: false }));
    await session.connect();
    const contents = record(text$());
    await contents.nth(1);
    await server.current.close();
    await state('closed');

    await session.connect();

    expect(await contents.nth(2)).toBe('reading 2');
    expect([server.count('resources/subscribe'), server.count('resources/read')]).toEqual([2, 2]);
    contents.stop();
  });

  it('can be retried when the first read failed', async () => {
    let exists = false;
    const server = sdkServer({ resources: {} }, (sdk) => {
      subscribable(sdk);
      sdk.setRequestHandler(ReadResourceRequestSchema, () => {
        if (!exists) throw new McpError(-32002, 'not yet');
        return { contents: [{ uri, text: 'now' }] };
      });
    });
    await open(server);
    const failures: unknown[] = [];
    const delay = (error: unknown) => {
      failures.push(error);
      exists = true;
      return of(undefined);
    };

    const contents = record(text$().pipe(retry({ delay })));

    expect(await contents.nth(1)).toBe('now');
    expect(failures).toEqual([expect.any(ServerError)]);
    contents.stop();
  });

  it('keep their contents, report once and retry while a new connection rejects them', async () => {
    const { scheduler, advance } = virtualTime();
    let refusals = 0;
    const server = readable((sdk) => {
      sdk.setRequestHandler(SubscribeRequestSchema, () => {
        if (refusals-- > 0) throw new McpError(-32055, 'not yet');
        return {};
      });
    });
    await open(server, { scheduler });
    const contents = record(text$());
    await contents.nth(1);
    const errors = record(session.errors$.pipe(filter((error) => error instanceof ServerError)));

    refusals = 3;
    await server.current.close();
    await state('reconnecting');
    for (let n = 0; n < 10; n++) {
      await advance(1_000);
      await idle();
    }

    expect(await contents.nth(2)).toBe('reading 2');
    expect(errors.values).toHaveLength(1);
    contents.stop();
  });
});
