/** What a simulated network still carries. */
export interface OpenParts {
  /** Streams for unasked-for notifications. */
  readonly streams: readonly string[];
  /** Requests without a complete answer. */
  readonly calls: readonly string[];
  /** URIs of resources that clients are subscribed to. */
  readonly subscriptions: readonly string[];
}

/** A simulated network was disposed of while something was still open: usually a session that was not disconnected. */
export class LeftOpenError extends Error {
  override readonly name = 'LeftOpenError';
  readonly retryable = false;

  constructor(
    /** What was open. */
    readonly open: OpenParts,
  ) {
    const parts = [
      ...open.streams.map((stream) => `stream ${stream}`),
      ...open.calls.map((call) => `call ${call}`),
      ...open.subscriptions.map((uri) => `subscription ${uri}`),
    ];
    super(`disposing of the simulated network: left open: ${parts.join(', ')}`);
  }
}
