import { NEVER, type Observable, type SchedulerLike, timer } from 'rxjs';
import { ConnectionFailedError, type MCPError, UnauthorizedError } from '../../../errors';
import { hasStatus } from '../../connection/hasStatus';
import { deployTimeoutMs, rejectionDelay, toRetryable } from '../../connection/retry/streamRejection';

/** The observations of a server that are kept between connections. */
export interface ServerMemory {
  /** The number of consecutive streams without a session that ended soon after they were opened. */
  shortStreams: number;
  /** Whether the server has opened a stream before. */
  hadStream?: boolean;
  /** The transport of the last connection that was initialized. */
  lastTransport?: 'streamable' | 'sse';
}

/** Dependencies of {@link StreamSupport}. */
export interface StreamSupportOptions {
  readonly memory: ServerMemory;
  /** Whether the session has been connected before. */
  readonly isReconnection: boolean;
  readonly scheduler: SchedulerLike;
}

/** The number of consecutive failures after which a server is considered to have no stream. */
const maxFailures = 3;
/**
 * The minimum duration of a stream without a session, in milliseconds. If streams repeatedly end sooner, the server is
 * considered to have no stream.
 */
const minStreamLifeMs = 5_000;

/** Determines whether a server offers a stream for messages outside of calls. */
export class StreamSupport {
  readonly #options: StreamSupportOptions;
  readonly #startedAt: number;
  #serverErrors = 0;
  #rejections = 0;

  constructor(options: StreamSupportOptions) {
    this.#options = options;
    this.#startedAt = options.scheduler.now();
  }

  /**
   * Converts the error of the first request for a stream to a retryable one, if the rejection may come from a proxy
   * during a deploy, because the server has offered a stream before. Otherwise, returns `undefined`. A 401 is converted
   * as well, because requests work without the stream.
   */
  asTemporary(error: MCPError): Error | undefined {
    const { isReconnection, memory, scheduler } = this.#options;
    if (!isReconnection || !memory.hadStream || scheduler.now() - this.#startedAt >= deployTimeoutMs) return undefined;
    if (!(error instanceof UnauthorizedError)) return toRetryable(error);
    const { message, status, cause } = error;
    return toRetryable(new ConnectionFailedError(message, { status, cause }));
  }

  /**
   * Whether an error of the first request means that the server is reachable and recognizes the session, but does not
   * offer a stream. Counts 5xx statuses.
   */
  isUnsupported(error: MCPError): boolean {
    if (error instanceof UnauthorizedError) return true;
    if (!hasStatus(error)) return false;
    if (error.status < 300 || !error.retryable) return true;
    return error.status >= 500 && ++this.#serverErrors >= maxFailures;
  }

  /** Counts short streams. Returns whether the streams of the server repeatedly end soon after they were opened. */
  hasShortStreams(uptimeMs: number): boolean {
    const { memory } = this.#options;
    memory.shortStreams = uptimeMs < minStreamLifeMs ? memory.shortStreams + 1 : 0;
    return memory.shortStreams >= maxFailures;
  }

  /**
   * Emits when a missing stream should be requested again. After a 405, never emits, unless the server has offered a
   * stream before.
   */
  requestAgain$(isMethodNotAllowed: boolean): Observable<unknown> {
    const { memory, scheduler } = this.#options;
    return isMethodNotAllowed && !memory.hadStream ? NEVER : timer(rejectionDelay(this.#rejections++), scheduler);
  }
}
