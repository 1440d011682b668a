/** Options of the example server. Every member has a flag with the same name. */
export interface ExampleServerOptions {
  /** The loopback port. Default 0, a free one. Also read from `PORT`. */
  port: number;
  /** Whether to use standard input and output instead of HTTP. */
  stdio: boolean;
  /** The interval between heartbeats of a session, in milliseconds. 0 for none. Also read from `HEARTBEAT`. */
  heartbeat: number;
  /** The number of additional tools, resources and prompts, which make lists span several pages. */
  many: number;
  /** The origin of a page that may connect over HTTP. Default: none. */
  origin?: string;
}
