import type { Observable } from 'rxjs';

/** Narrows a reset. */
interface ResetOptions {
  /** Only connections whose latest request has this method: `GET` for the event streams. */
  method?: string;
  /**
   * `client`: the server is not told, and goes on holding its end as if the client were there, until the proxy closes.
   * `both` is the default.
   */
  side?: 'client' | 'both';
}

/** A TCP proxy in front of a server, and the ways in which it can fail. */
export interface TcpProxy {
  readonly port: number;
  /** The address of a path behind the proxy; `/mcp` by default. */
  url(path?: string): string;
  /** How many connections are open now, as clients see it; then each change. */
  readonly connections$: Observable<number>;
  readonly connections: number;
  /** How many connections were ever accepted, with those that were reset at once; then each change. */
  readonly accepted$: Observable<number>;
  readonly accepted: number;
  /** Resets connections; returns how many. */
  reset(options?: ResetOptions): number;
  /**
   * Lets nothing through, on present and on new connections, without closing any: `up` is from client to server, `down`
   * from server to client, `true` both. What was sent meanwhile arrives when it is over, as TCP has it.
   */
  silence(on: boolean | 'up' | 'down'): void;
  /** Cuts off the present connections for ever without telling anybody; new ones work. Returns how many. */
  vanish(): number;
  /** `true`: new connections are refused. `reset`: they are accepted, and reset at once. Present ones stay. */
  refuse(on: boolean | 'reset'): Promise<void>;
  /** Holds back what passes, in each direction, for so many milliseconds. */
  delay(ms: number): void;
  /** Lets through so many bytes a second, in each direction of each connection; `null` for all. */
  throttle(bytesPerSecond: number | null): void;
  /** Closes everything. Resolves when nothing is left. */
  close(): Promise<void>;
}
