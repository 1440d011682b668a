/** What the example server is started with; every member has a flag of the same name. */
export interface ExampleServerOptions {
  /** The loopback port to listen on; 0, the default, is any free one. Also read from `PORT`. */
  port: number;
  /** Speak over stdin and stdout in place of HTTP. */
  stdio: boolean;
  /** Milliseconds between two heartbeats of a session; 0 for none. Also read from `HEARTBEAT`. */
  heartbeat: number;
  /** How many further tools, resources and prompts to list, so that a list takes more than one page. */
  many: number;
  /** The origin of a page that may talk to it from a browser, over HTTP; by default none may. */
  origin?: string;
}
