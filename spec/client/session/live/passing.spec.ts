import { getEventListeners } from 'node:events';
import {
  CallToolRequestSchema,
  ListPromptsRequestSchema,
  ListResourcesRequestSchema,
  ListResourceTemplatesRequestSchema,
  ListToolsRequestSchema,
  ReadResourceRequestSchema,
  SubscribeRequestSchema,
  UnsubscribeRequestSchema,
} from '@modelcontextprotocol/sdk/types.js';
import { MCPSession } from 'rx-mcp';
import { firstValueFrom, type Observable } from 'rxjs';
import { idle } from '../../../rig/idle';
import { sdkServer, type SdkServer } from '../../../rig/sdkServer';

const uri = 'test://a';

/** Views that are unsubscribed from while their request is pending, or after it has been answered. */
describe('short-lived subscribers', () => {
  let server: SdkServer;
  let session: MCPSession;
  /** The number of requests that the server is processing. */
  let working: number;
  /** The number of requests that the server has ever received. */
  let begun: number;
  /** The URIs that the client is subscribed to. */
  const subscribed = new Set<string>();
  /** Whether the server responds to requests, or leaves them pending. */
  let answers: boolean;

  beforeEach(async () => {
    working = 0;
    begun = 0;
    subscribed.clear();
    answers = true;
    server = sdkServer({ tools: {}, prompts: {}, resources: {} }, (sdk) => {
      const work = async <T>(result: T, { signal }: { signal: AbortSignal }): Promise<T> => {
        if (answers) return result;
        working++;
        begun++;
        return new Promise<never>((_, reject) => {
          signal.addEventListener('abort', () => {
            working--;
            reject(new Error('given up'));
          });
        });
      };
      sdk.setRequestHandler(ListToolsRequestSchema, (_, extra) => work({ tools: [] }, extra));
      sdk.setRequestHandler(ListPromptsRequestSchema, (_, extra) => work({ prompts: [] }, extra));
      sdk.setRequestHandler(ListResourcesRequestSchema, (_, extra) => work({ resources: [] }, extra));
      sdk.setRequestHandler(ListResourceTemplatesRequestSchema, (_, extra) => work({ resourceTemplates: [] }, extra));
      sdk.setRequestHandler(CallToolRequestSchema, (_, extra) => work({ content: [] }, extra));
      sdk.setRequestHandler(ReadResourceRequestSchema, (_, extra) => work({ contents: [] }, extra));
      sdk.setRequestHandler(SubscribeRequestSchema, ({ params }) => {
        subscribed.add(params.uri);
        return {};
      });
      sdk.setRequestHandler(UnsubscribeRequestSchema, ({ params }) => {
        subscribed.delete(params.uri);
        return {};
      });
    });
    session = new MCPSession(server.connector());
    await session.connect();
  });
  afterEach(() => session.disconnect());

  const views: [name: string, method: string, view: () => Observable<unknown>][] = [
    ['tools$', 'tools/list', () => session.tools$],
    ['prompts$', 'prompts/list', () => session.prompts$],
    ['resources$', 'resources/list', () => session.resources$],
    ['resourceTemplates$', 'resources/templates/list', () => session.resourceTemplates$],
    ['resource$', 'resources/read', () => session.resource$(uri)],
    ['callTool$', 'tools/call', () => session.callTool$('any')],
    ['request$', 'tools/call', () => session.request$('tools/call', { name: 'any' })],
  ];

  it.each(views)('cancel a pending fetch of %s on the server', async (_, method, view$) => {
    const rounds = 500;
    answers = false;

    for (let n = 1; n <= rounds; n++) {
      const watching = view$().subscribe();
      while (begun < n) await new Promise(setImmediate);
      watching.unsubscribe();
    }
    await idle();

    expect(server.count(method)).toBe(rounds);
    expect(server.count('notifications/cancelled')).toBe(rounds);
    expect({ working, subscribed }).toEqual({ working: 0, subscribed: new Set() });
  });

  it.each(views)('leave nothing on the server after the first value of %s', async (_, method, view$) => {
    const rounds = 500;

    for (let n = 1; n <= rounds; n++) await firstValueFrom(view$());
    await idle();

    expect(server.count(method)).toBe(rounds);
    expect(server.count('notifications/cancelled')).toBe(0);
    expect(subscribed).toEqual(new Set());
    expect(server.count('resources/unsubscribe')).toBe(server.count('resources/subscribe'));
  });

  it('cancel each of ten thousand calls once', async () => {
    answers = false;

    const calls = Array.from({ length: 10_000 }, () => session.callTool$('any').subscribe());
    await idle();
    expect(working).toBe(10_000);
    for (const call of calls) call.unsubscribe();
    await idle();

    expect(working).toBe(0);
    expect(server.count('notifications/cancelled')).toBe(10_000);
  });

  it('end together with one shared signal, and leave no listener on it', async () => {
    const { signal } = new AbortController();
    const calls = Array.from({ length: 1_000 }, () => session.callTool('any', {}, { signal }));
    calls.push(...Array.from({ length: 10 }, () => session.listTools({ signal }).then(() => ({ content: [] }))));
    await Promise.all(calls);
    expect(getEventListeners(signal, 'abort')).toEqual([]);

    answers = false;
    const controller = new AbortController();
    const endless = Array.from({ length: 1_000 }, () => session.callTool('any', {}, { signal: controller.signal }));
    const outcomes = Promise.allSettled(endless);
    await idle();
    expect(working).toBe(1_000);
    // Node warns about a leak at more than ten listeners.
    expect(getEventListeners(controller.signal, 'abort')).toHaveLength(1);

    controller.abort();

    for (const outcome of await outcomes) expect(outcome).toMatchObject({ reason: { name: 'RequestCancelledError' } });
    await idle();
    expect(working).toBe(0);
    expect(getEventListeners(controller.signal, 'abort')).toEqual([]);
  });
});
