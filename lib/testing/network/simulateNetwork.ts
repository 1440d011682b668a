import {
  asyncScheduler,
  firstValueFrom,
  type Observable,
  ReplaySubject,
  type SchedulerLike,
  Subject,
  timer,
} from 'rxjs';
import { HttpConnector, type HttpConnectorOptions } from '../../client/connector/httpConnector';
import { modern } from '../../client/modern/modern';
import { ConfigError } from '../../errors';
import type { JSONRPCMessage } from '../../protocol/types';
import { isObject } from '../../util/isObject';
import {
  assertObject,
  assertOptions,
  check,
  hasMethods,
  isAtLeast,
  isNonEmptyString,
  isOneOf,
  isRecordOf,
  isScheduler,
  isString,
} from '../../util/options';
import type { VirtualTime } from '../virtualTime';
import { createExchanges, isAnythingOpen } from './exchanges';
import { LeftOpenError, type OpenParts } from './leftOpenError';
import { playMarbles, type PlayedValue } from './play';
import { answerWith, createRules, proxyResponse, type ProxyResponse, type RuleOptions } from './rules';

/** A server for a simulated network: an `MCPServer`, or any object with a `fetch` handler. */
export interface SimulatedServer {
  /** Handles an HTTP request. */
  fetch(request: Request): Promise<Response>;
  /** Sends a notification to the clients. Needed only for notifications in {@link SimulatedNetwork.play}. */
  notify?(method: string, params?: Record<string, unknown>): Promise<unknown>;
}

/** Options for {@link simulateNetwork}. */
export interface SimulateNetworkOptions {
  /** The protocol era of the connectors that the network creates. Default `'legacy'`. */
  era?: 'legacy' | 'modern' | undefined;
  /** The scheduler for `latency` and `play`. Pass the same scheduler to the session. Default: `asyncScheduler`. */
  scheduler?: SchedulerLike | undefined;
  /** The delay of each request and of each chunk of a response, in milliseconds. Default 0. */
  latency?: number | undefined;
}

/** A message that reached the server. */
export interface ReceivedMessage {
  /** The time of receipt, by the network's scheduler, in milliseconds. */
  at: number;
  /** The id of the MCP session. `undefined` for protocol 2026-07-28, which has no sessions. */
  session: string | undefined;
  /** The method of a request or notification. `undefined` for a response. */
  method: string | undefined;
  /** The message, as sent by the client. */
  message: Record<string, unknown>;
}

/**
 * A simulated network, with methods that cause faults. Disposing of it rejects with a `LeftOpenError` if parts are
 * still open on the network. A call whose response was cut is not, although its tool may still run on the server.
 */
export interface SimulatedNetwork extends AsyncDisposable {
  /**
   * A `fetch` that passes requests to the server, subject to the current faults. The connectors of the network use it.
   */
  readonly fetch: typeof globalThis.fetch;
  /**
   * Creates a connector to the server through this network.
   *
   * @param options - options for the connector. Default: `{}`.
   */
  connector(options?: HttpConnectorOptions): HttpConnector;
  /** Breaks the streams for notifications outside of calls. The server keeps its sessions, so clients can resume. */
  drop(): void;
  /** Breaks the responses of pending calls. */
  cut(): void;
  /**
   * Ends all sessions on the server, like a restart. Their streams end, and requests with their ids are rejected with
   * 404.
   */
  forget(): void;
  /** Makes the server unreachable: breaks open connections, and refuses new ones until {@link up} is called. */
  down(): void;
  /** Ends {@link down} and {@link silence}. */
  up(): void;
  /** Blocks all data in both directions without closing connections, until {@link up} is called. */
  silence(): void;
  /** Replaces the server, like a deploy: breaks open connections, and passes further requests to the new server. */
  replace(server: SimulatedServer): void;
  /** Responds to the next matching request in place of the server, like a proxy, for example with status 502. */
  respond(response: ProxyResponse, options?: RuleOptions): void;
  /** Holds back the responses to requests with a method, until {@link release} is called. */
  hold(method: string): void;
  /** Releases the responses that {@link hold} holds back, for one method or, by default, for all. */
  release(method?: string): void;
  /**
   * Responds to the next request with a method in place of the server. If `outcome` is an `Error`, responds with a
   * JSON-RPC error, otherwise with `outcome` as the result.
   */
  answer(method: string, outcome: object, options?: Pick<RuleOptions, 'times'>): void;
  /**
   * Sends a message on the streams for notifications outside of calls. A string is sent unmodified, so it may be
   * malformed.
   */
  inject(message: JSONRPCMessage | Record<string, unknown> | string): void;
  /** Every message that reaches the server. Hot. Never completes; never errors. */
  readonly received$: Observable<ReceivedMessage>;
  /** Returns the messages that have reached the server so far, of one method or, by default, of all. */
  received(method?: string): readonly ReceivedMessage[];
  /**
   * Resolves with the `n`th message with a method, immediately if it has already reached the server.
   *
   * @param n - the number of the message, from 1. Default 1.
   */
  until(method: string, n?: number): Promise<ReceivedMessage>;
  /** The parts that are currently open. */
  readonly open: OpenParts;
  /**
   * Plays a marble diagram, starting at the current time. The syntax is that of RxJS, and each character is one
   * millisecond.
   *
   * @param diagram - the marble diagram, for example `'--a--b'`.
   * @param values - for each letter, a notification for the server to send, as `[method, params]` or `{ method, params
   *   }`, or a function to call.
   * @param time - the virtual time to schedule the values in. Default: the network's scheduler.
   * @throws `ConfigError` if a letter has no value.
   */
  play(diagram: string, values: Readonly<Record<string, PlayedValue>>, time?: Pick<VirtualTime, 'scheduler'>): void;
}

/**
 * Creates a simulated network between sessions and a server, in memory. The real HTTP code of client and server runs,
 * but without sockets, and in virtual time if the `scheduler` is virtual.
 *
 * @param server - the server, usually an `MCPServer`.
 * @param options - era, latency and scheduler. Default: `{}`.
 * @throws `ConfigError` if the server has no `fetch` or an option is invalid.
 *
 * @example
 * const server = new MCPServer({ name: 'fake', version: '1.0.0' }, { tools: [tool('echo', {}, ({ text }) => text)] });
 * await using net = simulateNetwork(server);
 * await using session = new MCPSession(net.connector());
 * await session.connect();
 * net.drop();
 */
export function simulateNetwork(server: SimulatedServer, options: SimulateNetworkOptions = {}): SimulatedNetwork {
  hasMethods('a server with fetch', 'fetch')(server, 'server');
  assertOptions(options, {
    era: isOneOf('legacy', 'modern'),
    scheduler: isScheduler,
    latency: isAtLeast(0),
  });
  const { era = 'legacy', scheduler = asyncScheduler, latency = 0 } = options;
  let current = server;
  const rules = createRules();
  const all: ReceivedMessage[] = [];
  const received$ = new Subject<ReceivedMessage>();
  const delay = (): Promise<unknown> => (latency > 0 ? firstValueFrom(timer(latency, scheduler)) : Promise.resolve());
  const exchanges = createExchanges({
    serve: (request) => current.fetch(request),
    intercept: rules.apply,
    delay,
    received({ messages, session }) {
      for (const message of messages) {
        const { method } = message;
        const event = {
          at: scheduler.now(),
          session: session ?? undefined,
          method: typeof method === 'string' ? method : undefined,
          message,
        };
        all.push(event);
        received$.next(event);
      }
    },
  });
  const ofMethod = (method?: string): ReceivedMessage[] =>
    method === undefined ? [...all] : all.filter((event) => event.method === method);

  return {
    fetch: exchanges.fetch,
    connector: (connectorOptions = {}) =>
      new HttpConnector('http://simulated.test/mcp', {
        ...(era === 'modern' && { engine: modern({ negotiation: 'modern' }) }),
        ...connectorOptions,
        fetch: exchanges.fetch,
      }),
    drop: () => exchanges.cut(({ isStream }) => isStream),
    cut: () => exchanges.cut(({ isStream }) => !isStream),
    forget: exchanges.forget,
    down: exchanges.down,
    up: exchanges.up,
    silence: exchanges.silence,
    replace(next) {
      hasMethods('a server with fetch', 'fetch')(next, 'server');
      current = next;
      exchanges.cut(() => true);
    },
    respond(response, given = {}) {
      assertOptions(response, { status: isStatus, headers: isRecordOf(isString), body: isString }, 'response');
      assertOptions(given, { times: isAtLeast(1), method: isString });
      rules.add(given, () => proxyResponse(response));
    },
    hold(method) {
      isNonEmptyString(method, 'method');
      exchanges.hold(method);
    },
    release: exchanges.release,
    answer(method, outcome, given = {}) {
      isNonEmptyString(method, 'method');
      assertObject(outcome, 'outcome');
      assertOptions(given, { times: isAtLeast(1) });
      rules.add({ ...given, method }, ({ id }) => answerWith(outcome, id, era));
    },
    inject(message) {
      isMessage(message, 'message');
      const text = typeof message === 'string' ? message : JSON.stringify(message);
      if (exchanges.inject(text) === 0) throw new ConfigError('inject: no stream is open');
    },
    received$: received$.asObservable(),
    received: ofMethod,
    async until(method, n = 1) {
      isNonEmptyString(method, 'method');
      isAtLeast(1)(n, 'n');
      const before = ofMethod(method)[n - 1];
      if (before) return before;
      const found$ = new ReplaySubject<ReceivedMessage>(1);
      const subscription = received$.subscribe(() => {
        const event = ofMethod(method)[n - 1];
        if (!event) return;
        subscription.unsubscribe();
        found$.next(event);
      });
      return firstValueFrom(found$);
    },
    get open() {
      return exchanges.open();
    },
    play(diagram, values, time = { scheduler }) {
      assertObject(time, 'time');
      isScheduler(time.scheduler, 'time.scheduler');
      playMarbles(diagram, values, time.scheduler, async (method, params) => {
        await current.notify?.(method, params);
      });
    },
    async [Symbol.asyncDispose]() {
      await exchanges.settled();
      const open = exchanges.open();
      exchanges.cut(() => true);
      if (isAnythingOpen(open)) throw new LeftOpenError(open);
    },
  };
}

const isMessage = check('a message or text', (value) => typeof value === 'string' || isObject(value));
const isStatus = check(
  'a status from 200 to 599',
  (value) => typeof value === 'number' && value >= 200 && value <= 599,
);
