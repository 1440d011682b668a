import type { FaultAnswer } from './faultAnswer';

/** What a fault server is started with; all of it holds for a restarted one too. */
export interface FaultServerOptions {
  /** The loopback port; any free one by default. */
  port?: number;
  /**
   * `none`, the default: nothing can be resumed. `correct`: everything can. `example`: the store of the SDK's examples,
   * which resumes into a stream that never delivers again. `inclusive`: replays the event that the client named, too.
   */
  eventStore?: 'none' | 'correct' | 'example' | 'inclusive';
  /** Milliseconds told to clients as `retry:`, at the start of each GET stream and, with an event store, of each POST stream. */
  retryHint?: number;
  /** Milliseconds between two keep-alive comments; the SDK's 15 s by default, 0 for none. */
  keepAlive?: number;
  /** What a request of an unknown session gets; 404, as the protocol has it, by default. */
  forgottenStatus?: 404 | 400;
  /** What `notifications/initialized` gets; 202 by default. */
  initializedStatus?: 202 | 200;
  /** How many `custom/tick` with `{ n }` are sent on the GET stream as soon as `notifications/initialized` has come. */
  greetings?: number;
  /** Answers a GET in this way until `notifications/initialized` has come. */
  getBeforeInitialized?: FaultAnswer;
  /** Answers each POST with one JSON document, never with a stream. */
  jsonResponse?: boolean;
  /** The protocol version to answer `initialize` with, whatever the client asked for. */
  protocolVersion?: string;
  /** How many items a page of a list has; all by default. */
  pageSize?: number;
  /** The names of the listed tools; the built-in ones by default. */
  tools?: readonly string[];
  /** The names of the listed prompts; none by default. */
  prompts?: readonly string[];
  /** The URIs of the listed resources; none by default. */
  resources?: readonly string[];
  /** Answers every GET in this way from the start. */
  get?: FaultAnswer;
  /** Answers every POST in this way from the start. */
  post?: FaultAnswer;
  /** Answers every DELETE in this way from the start. */
  delete?: FaultAnswer;
}
