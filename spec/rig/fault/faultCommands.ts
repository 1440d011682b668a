import type { FaultAnswer } from './faultAnswer';
import type { FaultAnswerOptions } from './faultAnswerOptions';

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
