/** State about a server that is kept between connections. */
export interface ServerMemory {
  /** The number of consecutive streams without a session that ended soon after they opened. */
  shortStreams: number;
  /** Whether a stream has been opened. */
  hadStream?: boolean;
  /** The transport of the last session that was initialized. */
  worked?: 'streamable' | 'sse';
}
