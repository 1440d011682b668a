import type { FaultEvent } from './events';

/** Selects sessions. Default: all. */
interface Sessions {
  sessions?: readonly string[];
}

/**
 * The commands of a fault server. Called from another process, each returns a promise that resolves when the command is executed.
 */
export interface FaultCommands {
  /** Sends a notification on the GET streams. Returns the number of sessions. */
  notify(method: string, params?: Record<string, unknown>, to?: Sessions): Promise<number>;
  /** Sends notifications with `{ n }`, from 1 or `from` to `count`. */
  notifyMany(count: number, method?: string, options?: Sessions & { from?: number }): Promise<void>;
  /**
   * Sends a request to the client of the newest session, or of the given one, over its GET stream. Returns the client's response.
   */
  ask(method: string, params?: Record<string, unknown>, options?: { session?: string }): Promise<unknown>;
  /** Cancels every pending `ask`. The client receives `notifications/cancelled`. */
  cancelAsks(): void;

  /** Replaces the listed tools and announces the change, unless `silent`. The built-in tools can be called nevertheless. */
  setTools(names: readonly string[], options?: { silent?: boolean }): Promise<void>;
  /** Replaces the listed prompts, like `setTools`. */
  setPrompts(names: readonly string[], options?: { silent?: boolean }): Promise<void>;
  /** Replaces the listed resources, like `setTools`. */
  setResources(uris: readonly string[], options?: { silent?: boolean }): Promise<void>;
  /** Sets the text of a resource, and notifies the subscribed sessions. */
  setResource(uri: string, text: string): Promise<void>;

  /**
   * Holds back every call of this tool, or every request of this method (for lists, resources and prompts), until `release`. To
   * hold back `initialize` or `ping`, respond to them with `hang`.
   */
  hold(name: string): void;
  /** Releases requests that are held under this name, and stops holding it. The tool `gate` is held again at its next call. */
  release(name?: string): void;

  /** Responds to GETs in this way. `null` passes them to the real server again. Open streams stay open. */
  refuseGet(answer: FaultAnswer | null, options?: FaultAnswerOptions): void;
  /** Responds to POSTs in this way, like `refuseGet`. */
  answerPost(answer: FaultAnswer | null, options?: FaultAnswerOptions): void;
  /** Responds to DELETEs in this way, like `refuseGet`. */
  answerDelete(answer: FaultAnswer | null, options?: FaultAnswerOptions): void;

  /** Ends the open GET streams gracefully. Returns their number. */
  endGet(): number;
  /** Resets the connections of the open GET streams. Returns their number. */
  resetGet(): number;
  /** Ends the open POST streams gracefully without a response. Returns their number. */
  endPost(): number;
  /** Resets the connections of the open POST streams. Returns their number. */
  cutPost(): number;
  /** Writes text to the open GET streams unmodified, in writes of `bytesPerWrite`. Returns the number of streams. */
  raw(text: string, options?: { bytesPerWrite?: number }): Promise<number>;

  /** Forgets all sessions. Their streams are ended, unless `keepStreams` leaves them open and silent. */
  forgetSessions(options?: { keepStreams?: boolean }): Promise<void>;
}

/**
 * The response to a request in place of the real server: a number is a status. `html` and `json` are 200 with a body of that
 * type. `end-at-once` is an event stream that opens and ends. `reset-at-once` opens and is reset. `reset` is a reset without a
 * response. `hang` is no response at all.
 */
export type FaultAnswer = number | 'html' | 'json' | 'end-at-once' | 'reset-at-once' | 'reset' | 'hang';

/** Options of a faulty response. */
export interface FaultAnswerOptions {
  /** The number of requests that receive it. Default: all, until it is removed. */
  times?: number;
  /** Limits it to requests with this JSON-RPC method. */
  method?: string;
  /** Seconds, sent as `Retry-After`. */
  retryAfter?: number;
  /** Additional headers of the response. */
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

/** The names of all commands. The compiler checks that none is missing. */
export const faultCommandNames = Object.keys(every) as (keyof FaultCommands)[];

/** Commands as called from another process: each returns a promise. */
export type Remote<Commands> = {
  [Name in keyof Commands]: Commands[Name] extends (...args: infer Args) => infer Result
    ? (...args: Args) => Promise<Awaited<Result>>
    : never;
};

/** A message of the panel to the server's process. */
export interface FaultOrder {
  id: number;
  /** A command by name, or `sync`, which only responds after all earlier events. */
  command: keyof FaultCommands | 'sync';
  args: unknown[];
}

/** A message of the server's process to the panel. */
export type FaultReport =
  | { kind: 'ready'; port: number }
  | { kind: 'event'; event: FaultEvent }
  | { kind: 'reply'; id: number; result?: unknown; error?: string };
