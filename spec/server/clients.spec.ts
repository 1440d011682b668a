import * as v2 from '@modelcontextprotocol/client';
import { StdioClientTransport as StdioClientTransport2 } from '@modelcontextprotocol/client/stdio';
import * as v1 from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import {
  CallToolResultSchema,
  CreateMessageRequestSchema,
  ElicitRequestSchema,
  ListRootsRequestSchema,
} from '@modelcontextprotocol/sdk/types.js';
import { programArgs } from '../rig/programArgs';
import { quickSdk } from '../rig/quick';
import { createTourServer } from './program/tour';
import { serve, until, type Served } from './rig/serve';

const uri = 'live://count';
const info = { name: 'raw', version: '1.0.0' };
const capabilities = { elicitation: { form: {} }, sampling: {}, roots: {} };
const answers = {
  elicitation: { action: 'accept' as const, content: { name: 'Ada' } },
  sampling: { role: 'assistant' as const, model: 'm', content: { type: 'text' as const, text: 'Because' } },
  roots: { roots: [{ uri: 'file:///project' }] },
};
const stdio = () => ({ command: process.execPath, args: programArgs('spec/server/program/tourStdio.ts') });

/** What the tour needs from a client, because the two generations of the SDK have different signatures. */
interface TourClient {
  call(
    name: string,
    args?: Record<string, unknown>,
    onprogress?: (progress: { progress: number }) => void,
  ): Promise<unknown>;
  /** Subscribes to changes of the tools and of the resource. */
  follow(): Promise<unknown>;
  readonly client: Pick<v1.Client, 'close'> & Lists;
  readonly methods: string[];
}

interface Lists {
  listTools(): Promise<{ tools: { name: string }[] }>;
  listPrompts(): Promise<object>;
  listResources(): Promise<object>;
  listResourceTemplates(): Promise<object>;
  readResource(params: { uri: string }): Promise<object>;
  getPrompt(params: { name: string; arguments: Record<string, string> }): Promise<object>;
  complete(params: {
    ref: { type: 'ref/prompt'; name: string };
    argument: { name: string; value: string };
  }): Promise<object>;
}

async function connect1(url: URL | undefined): Promise<TourClient> {
  const client = new v1.Client(info, { capabilities });
  const methods: string[] = [];
  client.fallbackNotificationHandler = async ({ method }) => void methods.push(method);
  client.setRequestHandler(ElicitRequestSchema, () => answers.elicitation);
  client.setRequestHandler(CreateMessageRequestSchema, () => answers.sampling);
  client.setRequestHandler(ListRootsRequestSchema, () => answers.roots);
  await client.connect(
    url ? new StreamableHTTPClientTransport(url, { reconnectionOptions: quickSdk }) : new StdioClientTransport(stdio()),
  );
  return {
    client,
    methods,
    call: (name, args = {}, onprogress) =>
      client.callTool({ name, arguments: args }, CallToolResultSchema, { ...(onprogress && { onprogress }) }),
    follow: () => client.subscribeResource({ uri }),
  };
}

const connect2 =
  (pin?: string) =>
  async (url: URL | undefined): Promise<TourClient> => {
    const client = new v2.Client(info, {
      capabilities,
      ...(pin !== undefined && { versionNegotiation: { mode: { pin } } }),
    });
    const methods: string[] = [];
    client.fallbackNotificationHandler = async ({ method }) => void methods.push(method);
    client.setRequestHandler('elicitation/create', () => answers.elicitation);
    client.setRequestHandler('sampling/createMessage', () => answers.sampling);
    client.setRequestHandler('roots/list', () => answers.roots);
    await client.connect(
      url
        ? new v2.StreamableHTTPClientTransport(url, { reconnectionOptions: quickSdk })
        : new StdioClientTransport2(stdio()),
    );
    return {
      client,
      methods,
      call: (name, args = {}, onprogress) =>
        client.callTool({ name, arguments: args }, { ...(onprogress && { onprogress }) }),
      follow: () =>
        pin === '2026-07-28'
          ? client.listen({ toolsListChanged: true, resourceSubscriptions: [uri] })
          : client.subscribeResource({ uri }),
    };
  };

const clients: Record<string, (url: URL | undefined) => Promise<TourClient>> = {
  '1.32': connect1,
  '2.4': connect2(),
  '2.4 of protocol 2026-07-28': connect2('2026-07-28'),
};
const tours = Object.keys(clients).flatMap((name) => ['HTTP', 'stdio'].map((wire): [string, string] => [name, wire]));

describe.each(tours)("the SDK's client %s, over %s", (name, wire) => {
  let served: Served | undefined;
  let tour: TourClient | undefined;
  afterEach(async () => {
    await tour?.client.close();
    await served?.close();
    served = undefined;
  });

  it('uses every part of the protocol with a server of this library', async () => {
    if (wire === 'HTTP') served = await serve(createTourServer());
    tour = await clients[name]!(served?.url);
    const { client, methods, call, follow } = tour;

    const progress: number[] = [];
    const steps = await call('steps', { steps: 3 }, (event) => progress.push(event.progress));
    expect(steps).toMatchObject({ structuredContent: { done: 3 } });
    // The SDK's client drops progress that arrives in one chunk with the result.
    expect(progress[0]).toBe(1);
    expect(progress).toEqual([1, 2, 3].slice(0, progress.length));
    expect(await call('steps', { steps: 'three' })).toMatchObject({ isError: true });
    expect(await call('ask')).toMatchObject({ content: [{ text: 'Hello Ada' }] });
    expect(await call('think')).toMatchObject({ content: [{ text: 'Because' }] });
    expect(await call('where')).toMatchObject({ content: [{ text: 'file:///project' }] });
    await expect(call('nothing')).rejects.toMatchObject({ code: -32602 });

    expect(await client.listPrompts()).toMatchObject({ prompts: [{ name: 'greet', arguments: [{ name: 'name' }] }] });
    expect(await client.getPrompt({ name: 'greet', arguments: { name: 'Ada' } })).toMatchObject({
      messages: [{ role: 'user', content: { text: 'Greet Ada' } }],
    });
    const argument = { name: 'name', value: 'A' };
    expect(await client.complete({ ref: { type: 'ref/prompt', name: 'greet' }, argument })).toMatchObject({
      completion: { values: ['Ada', 'Alan'] },
    });

    expect(await client.listResources()).toMatchObject({ resources: [{ uri }] });
    expect(await client.listResourceTemplates()).toMatchObject({ resourceTemplates: [{ uriTemplate: 'note://{id}' }] });
    expect(await client.readResource({ uri: 'note://7' })).toMatchObject({ contents: [{ text: 'note 7' }] });
    await follow();
    await call('count');
    await until(() => methods.includes('notifications/resources/updated'), 'the update');
    expect(await client.readResource({ uri })).toMatchObject({ contents: [{ text: '1' }] });

    expect((await client.listTools()).tools).toHaveLength(6);
    await call('grow');
    await until(() => methods.includes('notifications/tools/list_changed'), 'the change');
    expect((await client.listTools()).tools.map((tool) => tool.name)).toContain('tool1');
  });
});
