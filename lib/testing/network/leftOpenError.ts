/** The open parts of a simulated network. */
export interface OpenParts {
  /** Streams for notifications outside of calls. */
  readonly streams: readonly string[];
  /** Requests without a complete response. */
  readonly calls: readonly string[];
  /** The URIs of resources that clients are subscribed to. */
  readonly subscriptions: readonly string[];
}

/** A simulated network was disposed of while parts were still open, usually because a session was not disconnected. */
export class LeftOpenError extends Error {
  /** The name of the class. Stable under minification. */
  override readonly name = 'LeftOpenError';
  /** `false`: the program has to disconnect its sessions. */
  readonly retryable = false;

  constructor(
    /** The parts that were open. */
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
