import type { IncomingMessage, ServerResponse } from 'node:http';
import { expectTypeOf } from 'expect-type';
import { type CallEvent, type CallToolResult, type MCPClient, type MCPSession, type Root, type Tool } from 'rx-mcp';
import {
  type AuthInfo,
  type Backplane,
  type BackplaneStatus,
  type CallContext,
  type Caller,
  type CallOutput,
  type Completer,
  type CompleterOutput,
  type Contents,
  type ElicitAnswer,
  type ElicitParams,
  type FetchOptions,
  type JsonSchema,
  type ListSource,
  log,
  type LogEntry,
  memoryBackplane,
  type MemoryBackplaneOptions,
  type MCPServer,
  type MCPServerOptions,
  type MessageOutput,
  type NodeHandler,
  type NodeRequest,
  type NodeResponse,
  notification,
  type NotifyTarget,
  progress,
  prompt,
  type PromptDefinition,
  type PromptOptions,
  resource,
  type ResourceDefinition,
  type ResourceOptions,
  type SampleParams,
  type SampleResult,
  type Schema,
  type ServerCall,
  ServerError,
  type ServerHandler,
  type ServerSession,
  type ServerStatus,
  type ServerTransport,
  type SessionEnd,
  tool,
  type ToolDefinition,
  type ToolOptions,
  type ToolOutput,
  toNodeHandler,
  toolsOf,
  type ToolSource,
  type ToolSources,
  type Variables,
} from 'rx-mcp/server';
import { interval, map, type Observable, of } from 'rxjs';
import { z } from 'zod';

/** The part of an option's type that rejects an object of schemas. */
type NotShapeError =
  Extract<NonNullable<ToolOptions<{ env: z.ZodString }>['input']>, string> extends infer Error
    ? Error extends { env: z.ZodString } & infer Message
      ? Message
      : never
    : never;

const input = z.object({ env: z.string(), retries: z.number().default(1) });

describe('the type of a tool', () => {
  it('infers the arguments from a Standard Schema', () => {
    const deploy = tool('deploy', { input }, (args, ctx) => {
      expectTypeOf(args).toEqualTypeOf<{ env: string; retries: number }>();
      expectTypeOf(ctx).toEqualTypeOf<CallContext>();
      return 'done';
    });
    expectTypeOf(deploy).toEqualTypeOf<ToolDefinition>();
  });

  it('passes a record for a JSON Schema and without a schema', () => {
    const schema: JsonSchema = { type: 'object' };
    tool('any', { input: schema }, (args) => {
      expectTypeOf(args).toEqualTypeOf<Record<string, unknown>>();
      return '';
    });
    tool('any', {}, (args) => {
      expectTypeOf(args).toEqualTypeOf<Record<string, unknown>>();
      return '';
    });
    expectTypeOf<ToolOptions['input']>().toEqualTypeOf<Schema | undefined>();
  });

  it('rejects an object of schemas, and accepts any JSON Schema', () => {
    const shape = { env: z.string() };
    // @ts-expect-error -- an object of schemas is not a schema
    expect(() => tool('shape', { input: shape }, () => '')).toThrow('use z.object({ … })');
    // @ts-expect-error -- an object of schemas is not a schema
    expect(() => tool('shape', { output: shape }, () => '')).toThrow('use z.object({ … })');
    // @ts-expect-error -- an object of schemas is not a schema
    expect(() => prompt('shape', { args: shape }, () => '')).toThrow('use z.object({ … })');
    // @ts-expect-error -- an object of schemas is not a schema
    const ask = ({ elicit$ }: CallContext) => elicit$('shape', { message: '', schema: shape });
    expectTypeOf(ask).toBeFunction();
    expectTypeOf<NotShapeError>().toEqualTypeOf<'expected a schema, got an object of schemas; use z.object({ … })'>();

    tool('constant', { input: { type: 'object', properties: { env: { type: 'string' } } } as const }, () => '');
    const listedSchema: Tool['inputSchema'] = { type: 'object' };
    tool('listed', { input: listedSchema, output: { type: 'object' } }, () => '');
    tool('empty', { input: {}, output: z.object(shape) }, () => ({ env: '' }));
    tool('absent', { input: undefined, output: undefined }, () => '');
    const any = { type: 'object', additionalProperties: z.toJSONSchema(z.string()) };
    expect(prompt('any', { args: any }, (args) => String(args['env'])).listing.arguments).toEqual([]);
  });

  it('returns values, promises, Observables or generators of outputs', () => {
    tool('value', {}, () => ({ structured: 1 }));
    tool('promise', {}, async () => 'text');
    tool('observable', {}, () => interval(1).pipe(map((n) => progress(n))));
    tool('generator', {}, async function* () {
      yield log('info', 'x');
      yield notification('custom/x');
      yield 'done';
    });
    tool('events', {}, () => of<CallEvent<CallToolResult>>({ kind: 'result', result: { content: [] } }));
    // @ts-expect-error -- a number is not an output
    tool('number', {}, () => 1);
    expectTypeOf<ReturnType<typeof progress>>().toExtend<CallOutput>();
    expectTypeOf<ReturnType<typeof progress>>().toExtend<MessageOutput>();
  });
});

describe('the type of a result', () => {
  const output = z.object({ sum: z.number(), unit: z.string().default('m') });

  it('is an input of the output schema, or a result of the protocol', () => {
    tool('value', { output }, () => ({ sum: 1 }));
    tool('promise', { output }, async () => ({ sum: 1, unit: 'km' }));
    tool('observable', { output }, () => of(progress(1), log('info', 'x'), { sum: 1 }));
    tool('generator', { output }, async function* () {
      yield progress(1);
      yield { sum: 1 };
    });
    tool('result', { output }, () => ({ content: [], structuredContent: { sum: 1 } }));
    tool('events', { output }, () => of<CallEvent<CallToolResult>>({ kind: 'result', result: { content: [] } }));
    tool('both', { input, output }, ({ retries }) => ({ sum: retries }));
    expectTypeOf<{ sum: number }>().toExtend<ToolOutput<typeof output>>();
    expectTypeOf<{ total: number }>().not.toExtend<ToolOutput<typeof output>>();
    expectTypeOf<{ sum: string }>().not.toExtend<ToolOutput<typeof output>>();
    expectTypeOf<string>().not.toExtend<ToolOutput<typeof output>>();
  });

  it('is not an object of another shape', () => {
    // @ts-expect-error -- `sum` is missing
    tool('other', { output }, () => ({ total: 1 }));
    // @ts-expect-error -- `sum` is missing
    tool('other', { output }, async () => ({ total: 1 }));
    // @ts-expect-error -- text is not structured
    tool('text', { output }, () => 'text');
    // @ts-expect-error -- text is not structured
    tool('text', { output }, () => of('text'));
  });

  it('is any output without a schema, and with a JSON Schema', () => {
    expectTypeOf<ToolOutput>().toEqualTypeOf<CallOutput>();
    expectTypeOf<ToolOutput<JsonSchema>>().toEqualTypeOf<CallOutput>();
    tool('json', { output: { type: 'object' } }, () => ({ any: 1 }));
    tool('array', {}, () => ['a', 'b']);
  });
});

describe('the type of completions', () => {
  it('is an array or a completion, or a promise or an Observable of either', () => {
    expectTypeOf<() => string[]>().toExtend<Completer>();
    expectTypeOf<string[]>().toExtend<CompleterOutput>();
    expectTypeOf<() => { values: string[] }>().toExtend<Completer>();
    expectTypeOf<() => Promise<string[]>>().toExtend<Completer>();
    expectTypeOf<() => Observable<readonly string[]>>().toExtend<Completer>();
    expectTypeOf<() => number>().not.toExtend<Completer>();
  });
});

describe('the types of prompts and resources', () => {
  it('infer the arguments of a prompt', () => {
    const args = z.object({ name: z.string() });
    expectTypeOf(prompt('greet', { args }, ({ name }) => `Hello ${name}`)).toEqualTypeOf<PromptDefinition>();
    expectTypeOf<PromptOptions['args']>().toEqualTypeOf<Schema | undefined>();
  });

  it('accept streams and functions of the variables', () => {
    const options: ResourceOptions = { mimeType: 'text/plain' };
    expectTypeOf(resource('live://x', options, of('x'))).toEqualTypeOf<ResourceDefinition>();
    resource('room://{id}', {}, (variables, ctx) => {
      expectTypeOf(variables).toEqualTypeOf<Variables>();
      expectTypeOf(ctx).toEqualTypeOf<CallContext>();
      return new Uint8Array();
    });
    expectTypeOf<string | Uint8Array>().toExtend<Contents>();
    // @ts-expect-error -- a number is not the contents of a resource
    resource('live://x', {}, of(1));
  });
});

describe('the type of the handler for Node', () => {
  it('accepts the requests of Node', () => {
    expectTypeOf(toNodeHandler).returns.toEqualTypeOf<NodeHandler>();
    expectTypeOf<IncomingMessage>().toExtend<NodeRequest>();
    expectTypeOf<ServerResponse>().toExtend<NodeResponse>();
    expectTypeOf<NodeHandler>().toExtend<(request: IncomingMessage, response: ServerResponse) => void>();
  });
});

describe('the types of requests to the client', () => {
  it('infer the content of a form from its schema', () => {
    const ask = ({ elicit$ }: Pick<CallContext, 'elicit$'>) =>
      elicit$('confirm', { message: 'Sure?', schema: z.object({ ok: z.boolean() }) });
    expectTypeOf(ask).toBeFunction();
    type Answer = ReturnType<typeof ask> extends Observable<infer A> ? A : never;
    expectTypeOf<Answer['content']>().toEqualTypeOf<{ ok: boolean } | undefined>();
    expectTypeOf<Answer['action']>().toEqualTypeOf<'accept' | 'decline' | 'cancel'>();
    expectTypeOf<{ message: string; url: string; elicitationId: string }>().toExtend<ElicitParams>();
    expectTypeOf<ElicitAnswer>().toHaveProperty('action');
  });

  it('are Observables of one answer', () => {
    expectTypeOf<CallContext['sample$']>().toEqualTypeOf<
      (key: string, params: SampleParams) => Observable<SampleResult>
    >();
    expectTypeOf<CallContext['roots$']>().toEqualTypeOf<Observable<readonly Root[]>>();
    expectTypeOf<CallContext['session']>().toEqualTypeOf<ServerSession | undefined>();
  });
});

describe('the type of a server', () => {
  it('is a fetch handler and can be disposed', () => {
    expectTypeOf<MCPServer['fetch']>().toEqualTypeOf<(request: Request, options?: FetchOptions) => Promise<Response>>();
    expectTypeOf<MCPServer>().toExtend<AsyncDisposable>();
    expectTypeOf<MCPServer['connect']>().parameter(0).toEqualTypeOf<ServerTransport>();
  });

  it('has typed streams', () => {
    expectTypeOf<MCPServer['sessions$']>().toEqualTypeOf<Observable<ServerSession>>();
    expectTypeOf<MCPServer['calls$']>().toEqualTypeOf<Observable<ServerCall>>();
    expectTypeOf<MCPServer['status$']>().toEqualTypeOf<Observable<ServerStatus>>();
    expectTypeOf<ServerStatus['backplane']>().toEqualTypeOf<BackplaneStatus>();
    expectTypeOf<ServerCall['state']>().toEqualTypeOf<
      'started' | 'progress' | 'done' | 'failed' | 'cancelled' | 'input_required'
    >();
    expectTypeOf<ServerSession['ended$']>().toEqualTypeOf<Observable<SessionEnd>>();
  });

  it('accepts lists as arrays, streams and functions of the caller', () => {
    const tools: readonly ToolDefinition[] = [];
    expectTypeOf(tools).toExtend<ListSource<ToolDefinition>>();
    expectTypeOf(of(tools)).toExtend<ListSource<ToolDefinition>>();
    expectTypeOf<(caller: Caller) => Promise<ToolDefinition[]>>().toExtend<ListSource<ToolDefinition>>();
    expectTypeOf<MCPServerOptions['tools']>().toEqualTypeOf<ListSource<ToolDefinition> | undefined>();
    expectTypeOf<MCPServerOptions['completions']>().toEqualTypeOf<Completer | undefined>();
    expectTypeOf<Caller['authInfo']>().toEqualTypeOf<AuthInfo | undefined>();
  });

  it('limits the targets of a notification to plain data', () => {
    expectTypeOf<{ principal: string }>().toExtend<NotifyTarget>();
    expectTypeOf<(session: ServerSession) => boolean>().not.toExtend<NotifyTarget>();
    expectTypeOf<MCPServer['handle']>().parameter(1).toEqualTypeOf<ServerHandler>();
  });

  it('republishes the tools of sessions and of clients', () => {
    expectTypeOf<MCPSession>().toExtend<ToolSource>();
    expectTypeOf<MCPClient>().toExtend<ToolSources>();
    expectTypeOf(toolsOf).returns.toEqualTypeOf<Observable<readonly ToolDefinition[]>>();
  });

  it('has a backplane in memory', () => {
    expectTypeOf(memoryBackplane).toEqualTypeOf<(options?: MemoryBackplaneOptions) => Backplane>();
    expectTypeOf<Backplane['range']>().returns.resolves.toEqualTypeOf<readonly LogEntry[] | undefined>();
    expectTypeOf(ServerError).instance.toHaveProperty('code');
  });
});
