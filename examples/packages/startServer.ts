import { type CallOutput, MCPServer, resource, tool, type ToolDefinition } from 'rx-mcp/server';
import { serve, type ServedNetwork } from 'rx-mcp/testing/node';
import { BehaviorSubject, filter, firstValueFrom, map, mergeMap, type Observable, ReplaySubject, Subject } from 'rxjs';

/** An MCP server on a port of 127.0.0.1, for the tests of these packages. */
export interface TestServer {
  readonly url: string;
  /** The network to the server: `drop()`, `down()`, `up()`, and the messages that the server received. */
  readonly net: ServedNetwork;
  readonly server: MCPServer;
  /** The names of its tools. */
  readonly tools$: BehaviorSubject<readonly string[]>;
  /** Emits the output of the running call of the tool `build`. */
  readonly build$: Subject<CallOutput>;
  /** Resolves when a call of `build` has reached this state. */
  build(state: 'started' | 'cancelled' | 'done'): Promise<unknown>;
  /** Resolves when a client has ended its session. */
  sessionEnded(): Promise<unknown>;
  /** Replaces the server with a new one that has other tools and no sessions. */
  restart(tools: readonly string[]): Promise<void>;
  /** Stops the server. Fails if a stream, a call or a subscription of a client is still open. */
  stop(): Promise<void>;
}

/** Starts a server with the tools `build` and `hello`, and a resource for each of these URIs. */
export async function startServer(resources: Readonly<Record<string, Observable<string>>> = {}): Promise<TestServer> {
  const tools$ = new BehaviorSubject<readonly string[]>(['build', 'hello']);
  const build$ = new Subject<CallOutput>();
  const create = (): MCPServer => createServer(tools$, build$, resources);
  let server = create();
  const states$ = new ReplaySubject<string>();
  const ends$ = new ReplaySubject<string>();
  const net = await serve(server);
  const watch = (): void => {
    server.calls$.pipe(filter(({ name }) => name === 'build')).subscribe(({ state }) => states$.next(state));
    server.sessions$.pipe(mergeMap(({ ended$ }) => ended$)).subscribe((reason) => ends$.next(reason));
  };
  watch();
  return {
    url: net.url,
    net,
    get server() {
      return server;
    },
    tools$,
    build$,
    build: (state) => firstValueFrom(states$.pipe(filter((reached) => reached === state))),
    sessionEnded: () => firstValueFrom(ends$.pipe(filter((reason) => reason === 'deleted'))),
    async restart(tools) {
      net.down();
      await server.close();
      tools$.next(tools);
      server = create();
      watch();
      net.replace(server);
      net.up();
    },
    async stop() {
      try {
        await net[Symbol.asyncDispose]();
      } finally {
        await server.close();
      }
    },
  };
}

function createServer(
  names$: Observable<readonly string[]>,
  build$: Observable<CallOutput>,
  contents: Readonly<Record<string, Observable<string>>>,
): MCPServer {
  const tools$ = names$.pipe(map((names) => names.map((name) => createTool(name, build$))));
  const resources = Object.entries(contents).map(([uri, source$]) => resource(uri, {}, source$));
  return new MCPServer({ name: 'workshop', version: '1.0.0' }, { tools: tools$, resources });
}

function createTool(name: string, build$: Observable<CallOutput>): ToolDefinition {
  return tool(name, { description: `Runs ${name}` }, () => (name === 'build' ? build$ : `${name} was called`));
}
