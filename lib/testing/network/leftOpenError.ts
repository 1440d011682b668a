/** The parts of a simulated network that are open. Empty when all sessions have disconnected. */
export interface OpenParts {
  /** The open streams for notifications outside of calls. */
  readonly streams: readonly string[];
  /** The requests whose response is not complete. Excludes responses that were cut. */
  readonly calls: readonly string[];
  /** The URIs of resources that clients are subscribed to. */
  readonly subscriptions: readonly string[];
}

/** A simulated network was disposed of while parts of it were open, usually because a session was not disconnected. */
export class LeftOpenError extends Error {
  /** The name of the error class. Stable under minification. */
  override readonly name = 'LeftOpenError';
  /** Always `false`: the test must disconnect its sessions. */
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
