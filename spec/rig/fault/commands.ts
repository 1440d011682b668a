import type { FaultEvent } from './events';

/** Which sessions are meant; all by default. */
interface Sessions {
  sessions?: readonly string[];
}

/** What a fault server can be told to do. From the outside each of these returns a promise: it is done when that resolves. */
export interface FaultCommands {
  /** Sends a notification on the GET streams; returns how many sessions were told. */
  notify(method: string, params?: Record<string, unknown>, to?: Sessions): Promise<number>;
  /** Sends notifications with `{ n }` in them, from 1 to `count`, or from `from` on. */
  notifyMany(count: number, method?: string, options?: Sessions & { from?: number }): Promise<void>;
  /** Asks the client of the newest session, or of the given one, over its GET stream. Returns the client's answer. */
  ask(method: string, params?: Record<string, unknown>, options?: { session?: string }): Promise<unknown>;
  /** Gives up every `ask` that is pending, so that the client is told `cancelled`. */
  cancelAsks(): void;

  /** Replaces the listed tools and says so; with `silent` it does not say so. The built-in ones can be called all the same. */
  setTools(names: readonly string[], options?: { silent?: boolean }): Promise<void>;
  /** The same for prompts. */
  setPrompts(names: readonly string[], options?: { silent?: boolean }): Promise<void>;
  /** The same for resources. */
  setResources(uris: readonly string[], options?: { silent?: boolean }): Promise<void>;
  /** Gives a resource a new text, and tells the sessions that are subscribed to it. */
  setResource(uri: string, text: string): Promise<void>;

  /**
   * Holds back every call of this tool, or every request of this method (of those for lists, resources and prompts),
   * until `release`. To hold back `initialize` or `ping`, answer them with `hang`.
   */
  hold(name: string): void;
  /** Lets go what is held back under this name, and holds no more of it. The tool `gate` is held again at its next call. */
  release(name?: string): void;

  /** Answers GETs in this way; `null` gives them back to the real server. Open streams stay open. */
  refuseGet(answer: FaultAnswer | null, options?: FaultAnswerOptions): void;
  /** The same for POSTs. */
  answerPost(answer: FaultAnswer | null, options?: FaultAnswerOptions): void;
  /** The same for DELETEs. */
  answerDelete(answer: FaultAnswer | null, options?: FaultAnswerOptions): void;

  /** Ends the open GET streams in an orderly way; returns how many. */
  endGet(): number;
  /** Resets the connections of the open GET streams; returns how many. */
  resetGet(): number;
  /** Ends the open POST streams without a response, in an orderly way; returns how many. */
  endPost(): number;
  /** Resets the connections of the open POST streams; returns how many. */
  cutPost(): number;
  /** Writes to the open GET streams as it is, in writes of `bytesPerWrite`; returns how many streams there were. */
  raw(text: string, options?: { bytesPerWrite?: number }): Promise<number>;

  /** Forgets all sessions; their streams are ended, unless `keepStreams` leaves them open with nothing to come on them. */
  forgetSessions(options?: { keepStreams?: boolean }): Promise<void>;
}

/**
 * How a request is answered in place of the real server:
 * a number is that status; `html` and `json` are 200 with a body of that type; `end-at-once` is an event stream that
 * opens and ends; `reset-at-once` opens and is reset; `reset` is a reset with no answer; `hang` is no answer at all.
 */
export type FaultAnswer = number | 'html' | 'json' | 'end-at-once' | 'reset-at-once' | 'reset' | 'hang';

/** Narrows and adorns a faulty answer. */
export interface FaultAnswerOptions {
  /** How many requests it is for; all, until it is taken back, by default. */
  times?: number;
  /** Only requests that carry this JSON-RPC method. */
  method?: string;
  /** Seconds, sent as `Retry-After`. */
  retryAfter?: number;
  /** Sent along with the answer. */
  headers?: Record<string, string>;
}

const every: Record<keyof FaultCommands, true> = {
  notify: true,
  notifyMany: true,
  ask: true,
  cancelAsks: true,
  setTools: true,
  setPrompts: true,
  setResources: true,
  setResource: true,
  hold: true,
  release: true,
  refuseGet: true,
  answerPost: true,
  answerDelete: true,
  endGet: true,
  resetGet: true,
  endPost: true,
  cutPost: true,
  raw: true,
  forgetSessions: true,
};

/** The names of all commands: the compiler sees to it that none is missing. */
export const faultCommandNames = Object.keys(every) as (keyof FaultCommands)[];

/** Commands as called from another process: each returns a promise. */
export type Remote<Commands> = {
  [Name in keyof Commands]: Commands[Name] extends (...args: infer Args) => infer Result
    ? (...args: Args) => Promise<Awaited<Result>>
    : never;
};

/** What the panel sends to the server's process. */
export interface FaultOrder {
  id: number;
  /** A command by name, or `sync`, which does nothing but answer after all events so far. */
  command: keyof FaultCommands | 'sync';
  args: unknown[];
}

/** What the server's process sends to the panel. */
export type FaultReport =
  | { kind: 'ready'; port: number }
  | { kind: 'event'; event: FaultEvent }
  | { kind: 'reply'; id: number; result?: unknown; error?: string };
