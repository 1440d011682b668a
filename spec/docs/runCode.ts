import type { Client } from '@modelcontextprotocol/sdk/client/index.js';
import realExpress, { type Express } from 'express';
import * as http from 'node:http';
import * as rxMcp from 'rx-mcp';
import * as rxMcpServer from 'rx-mcp/server';
import * as rxjs from 'rxjs';
import { ModuleKind, ScriptTarget, transpileModule } from 'typescript';

/** The values that a program of a page can use in addition to its imports. */
export interface Surroundings {
  session?: rxMcp.MCPSession;
  client?: rxMcp.MCPClient;
  sdkClient?: Client;
  document?: unknown;
  editor?: unknown;
  /** The scheduler of its `timer`. */
  scheduler?: rxjs.SchedulerLike;
}

/** A running program. */
export interface RunningCode {
  /** Emits its output. */
  readonly printed$: rxjs.Observable<string>;
  /** The declared values that the specs use, by name: `prompt` and `fastest`. */
  readonly named: Record<string, unknown>;
  /** Settles when the program has run. It may await at its top level. */
  readonly done: Promise<void>;
  /** Ends the sessions, connections, servers and intervals that it has created. */
  stop(): Promise<void>;
}

/** Runs a program of a page in this process. */
export function runCode(source: string, { scheduler, ...given }: Surroundings): RunningCode {
  const printed$ = new rxjs.ReplaySubject<string>(Infinity);
  const stopped$ = new rxjs.Subject<void>();
  const made: rxMcp.MCPSession[] = [];
  const closings: (() => Promise<unknown>)[] = [];
  const named: Record<string, unknown> = {};

  class MCPSession extends rxMcp.MCPSession {
    constructor(...args: ConstructorParameters<typeof rxMcp.MCPSession>) {
      super(...args);
      made.push(this);
    }
  }
  class MCPClient extends rxMcp.MCPClient {
    override session(name: string): rxMcp.MCPSession {
      const session = super.session(name);
      made.push(session);
      return session;
    }
  }
  class HttpConnector extends rxMcp.HttpConnector {
    override connect(...args: Parameters<rxMcp.HttpConnector['connect']>): rxjs.Observable<rxMcp.Connection> {
      return super.connect(...args).pipe(rxjs.takeUntil(stopped$));
    }
  }

  class MCPServer extends rxMcpServer.MCPServer {
    constructor(...args: ConstructorParameters<typeof rxMcpServer.MCPServer>) {
      super(...args);
      closings.push(() => this.close());
    }
  }
  /** Listens on a free port instead of the port on the page. */
  function createServer(listener: http.RequestListener): http.Server {
    const server = http.createServer(listener);
    closings.push(async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    });
    const listen = server.listen.bind(server);
    return Object.assign(server, { listen: () => listen(0, '127.0.0.1') });
  }

  function express(): Express {
    const app = realExpress();
    return Object.assign(app, { listen: () => createServer(app).listen() });
  }

  const modules: Record<string, unknown> = {
    express,
    'node:http': { ...http, createServer },
    'rx-mcp/server': { ...rxMcpServer, MCPServer },
    'rx-mcp': { ...rxMcp, MCPSession, MCPClient, HttpConnector },
    // A program for mcp-use that works after changing the import runs with the changed import.
    'mcp-use': { ...rxMcp, MCPSession, MCPClient, HttpConnector },
    rxjs: {
      ...rxjs,
      timer: (due: number) => rxjs.timer(due, scheduler),
      interval: (period: number) => rxjs.interval(period).pipe(rxjs.takeUntil(stopped$)),
    },
  };
  const { outputText } = transpileModule(source, {
    compilerOptions: { module: ModuleKind.CommonJS, target: ScriptTarget.ES2022, esModuleInterop: true },
  });
  // The program awaits at its top level, so it becomes the body of an async function.
  const body = `return (async () => { ${outputText}
    Object.assign(named, {
      prompt: typeof prompt === 'undefined' ? undefined : prompt,
      fastest: typeof fastest === 'undefined' ? undefined : fastest,
    });
  })();`;
  const scope = {
    require: (name: string): unknown => modules[name] ?? jest.requireActual<object>(name),
    exports: {},
    console: Object.fromEntries(
      ['log', 'warn', 'error'].map((kind) => [kind, (...args: unknown[]) => printed$.next(args.map(text).join(' '))]),
    ),
    named,
    ...given,
  };
  // Runs in this context instead of a new one, so that arrays and errors are from the same realm as in the specs.
  const run = (0, eval)(`(${Object.keys(scope).join(', ')}) => { ${body} }`) as (...args: unknown[]) => Promise<void>;
  return {
    printed$,
    named,
    done: run(...Object.values(scope)),
    async stop() {
      stopped$.next();
      await Promise.all(made.map((session) => session.disconnect()));
      for (const close of closings) await close();
    },
  };
}

function text(value: unknown): string {
  if (value instanceof Error) return String(value);
  return typeof value === 'string' ? value : JSON.stringify(value);
}
