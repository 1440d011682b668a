import { createServer } from 'node:http';
import { expectTypeOf } from 'expect-type';
import express from 'express';
import fastify from 'fastify';
import {
  backoff,
  type BackoffOptions,
  type BoundedConcatMapOptions,
  type CallOptions,
  type CallToolOptions,
  type ConnectorOptions,
  type ConnectorServerConfig,
  HttpConnector,
  type HttpConnectorOptions,
  type HttpOptions,
  type HttpServerConfig,
  MCPClient,
  type MCPClientConfig,
  type MCPClientOptions,
  MCPSession,
  type OfMethodOptions,
  type RequestOptions,
  type ResourceOptions,
  type SessionOptions,
  type StdioServerConfig,
} from 'rx-mcp';
import { modern, type ModernOptions } from 'rx-mcp/modern';
import { redisBackplane, type RedisBackplaneOptions } from 'rx-mcp/redis';
import {
  type FetchOptions,
  type MemoryBackplaneOptions,
  MCPServer,
  type MCPServerOptions,
  type NodeRequest,
  type PromptOptions,
  type ResourceOptions as ServerResourceOptions,
  toNodeHandler,
  type ToolOptions,
} from 'rx-mcp/server';
import { StdioConnector, type StdioServer } from 'rx-mcp/stdio';
import {
  type RecordingOptions,
  type ReplayingOptions,
  type RuleOptions,
  type SimulateNetworkOptions,
} from 'rx-mcp/testing';

/** The names of the optional members. */
type OptionalKeys<T> = { [K in keyof T]-?: object extends Pick<T, K> ? K : never }[keyof T];
/** The names of the optional members that do not accept `undefined`. */
type Rejecting<T> = {
  [K in OptionalKeys<T>]: Record<K, undefined> extends Pick<T, K> ? never : K;
}[OptionalKeys<T>];

describe('optional members, under exactOptionalPropertyTypes', () => {
  it('are distinguished from members that are undefined', () => {
    expectTypeOf<Rejecting<{ a?: string; b?: string | undefined; c: string }>>().toEqualTypeOf<'a'>();
  });

  it('accept undefined, in the options of a client', () => {
    expectTypeOf<Rejecting<BackoffOptions>>().toBeNever();
    expectTypeOf<Rejecting<BoundedConcatMapOptions<string>>>().toBeNever();
    expectTypeOf<Rejecting<CallOptions>>().toBeNever();
    expectTypeOf<Rejecting<CallToolOptions>>().toBeNever();
    expectTypeOf<Rejecting<NonNullable<CallToolOptions['task']>>>().toBeNever();
    expectTypeOf<Rejecting<ConnectorOptions>>().toBeNever();
    expectTypeOf<Rejecting<ConnectorServerConfig>>().toBeNever();
    expectTypeOf<Rejecting<HttpConnectorOptions>>().toBeNever();
    expectTypeOf<Rejecting<HttpOptions>>().toBeNever();
    expectTypeOf<Rejecting<HttpServerConfig>>().toBeNever();
    expectTypeOf<Rejecting<MCPClientConfig>>().toBeNever();
    expectTypeOf<Rejecting<MCPClientOptions>>().toBeNever();
    expectTypeOf<Rejecting<ModernOptions>>().toBeNever();
    expectTypeOf<Rejecting<OfMethodOptions>>().toBeNever();
    expectTypeOf<Rejecting<RequestOptions>>().toBeNever();
    expectTypeOf<Rejecting<ResourceOptions>>().toBeNever();
    expectTypeOf<Rejecting<SessionOptions>>().toBeNever();
    expectTypeOf<Rejecting<StdioServer>>().toBeNever();
    expectTypeOf<Rejecting<StdioServerConfig>>().toBeNever();
  });

  it('accept undefined, in the options of a server and of the test kit', () => {
    expectTypeOf<Rejecting<MCPServerOptions>>().toBeNever();
    expectTypeOf<Rejecting<RedisBackplaneOptions>>().toBeNever();
    expectTypeOf<Rejecting<RecordingOptions>>().toBeNever();
    expectTypeOf<Rejecting<ReplayingOptions>>().toBeNever();
    expectTypeOf<Rejecting<SimulateNetworkOptions>>().toBeNever();
    expectTypeOf<Rejecting<PromptOptions>>().toBeNever();
    expectTypeOf<Rejecting<MemoryBackplaneOptions>>().toBeNever();
    expectTypeOf<Rejecting<RuleOptions>>().toBeNever();
    expectTypeOf<Rejecting<FetchOptions>>().toBeNever();
    expectTypeOf<Rejecting<ToolOptions>>().toBeNever();
    expectTypeOf<Rejecting<ServerResourceOptions>>().toBeNever();
  });

  it('accept the requests of Node, Express and Fastify', () => {
    const mount = (server: MCPServer): unknown[] => {
      const handle = toNodeHandler(server);
      return [
        createServer(handle),
        express().all('/mcp', handle).use(handle),
        express().all('/mcp', (request, response) => handle(request, response, request.body)),
        fastify().all('/mcp', (request, reply) => handle(request.raw, reply.hijack().raw, request.body)),
      ];
    };
    expectTypeOf(mount).toBeFunction();
    expectTypeOf<Rejecting<NodeRequest>>().toBeNever();
  });

  it('accept undefined where they are passed', () => {
    const use = (session: MCPSession): unknown[] => [
      backoff({ initialDelay: undefined, maxDelay: undefined, jitter: undefined, scheduler: undefined }),
      new MCPClient(
        { mcpServers: { a: { url: 'http://a', headers: undefined, roots: undefined, reconnect: undefined } } },
        { timeout: undefined, meta: undefined, validateOutput: undefined, onNotification: undefined },
      ),
      new MCPSession(new HttpConnector('http://a', { watchdog: undefined, listen: undefined, engine: undefined })),
      new StdioConnector({ command: 'a', args: undefined, env: undefined, cwd: undefined }, { roots: undefined }),
      modern({ negotiation: undefined }),
      redisBackplane({ url: 'redis://a' }, { prefix: undefined, events: undefined }),
      new MCPServer({ name: 'a', version: '1' }, { tools: undefined, prompts: undefined }),
      session.callTool('a', undefined, { signal: undefined, timeout: undefined, output: undefined, task: undefined }),
      session.callTool$('a', {}, { progressToken: undefined, onProgress: undefined, meta: undefined }),
      session.listTools({ signal: undefined, maxTotalTimeout: undefined }),
      session.resource$('file:///a', { pollInterval: undefined }),
      session.request('ping', undefined, { timeout: undefined }),
      session.connect({ retry: undefined }),
    ];
    expectTypeOf(use).toBeFunction();
  });
});
