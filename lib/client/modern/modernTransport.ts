import type { JSONRPCMessage, MessageExtraInfo, Transport, TransportSendOptions } from '@modelcontextprotocol/client';
import type { Subscription } from 'rxjs';
import type { RequestId } from '../../protocol/types';
import type { StreamHealth } from '../http/sse/streamWatchdog';

/** The operations of a connection that its transport may use. */
export interface ConnectionControl {
  /** Delivers a message that was not received by the SDK's transport: any parsed JSON. */
  receive(value: unknown): void;
  /** Fails a pending request as if the server had responded with an error. */
  failRequest(id: RequestId, error: Error): void;
  /** Ends the connection with an error. */
  fail(error: Error): void;
  /** Is unsubscribed when the connection ends. */
  running: Subscription;
}

/** A transport of the SDK, with callbacks. */
export interface EngineTransport {
  transport: Transport;
  /** Called with errors of the transport. Default: emits them on `errors$`. */
  onError?(error: Error): void;
  /** Called when a request is cancelled. */
  onAbandoned?(id: RequestId): void;
  /** The observed health of the subscription stream. Absent if the transport does not observe it. */
  health?: StreamHealth;
}

/** Callbacks of a {@link ModernTransport}. */
export interface ModernTransportHandler {
  onReceived(value: unknown): void;
  onSent(message: JSONRPCMessage): void;
  /** Called when a request is cancelled. */
  onAbandoned(id: RequestId): void;
  /** Converts an error of the inner transport to the error that the sender of a message receives. */
  toSendError(error: unknown): Error;
  onClosed(): void;
  onError(error: Error): void;
}

/**
 * The transport of the SDK client. Sends messages over the inner transport, and passes incoming messages to the
 * callbacks. Can be started before the client is connected, so that `server/discover` can be sent and no message is
 * lost.
 */
export class ModernTransport implements Transport {
  onclose?: () => void;
  onerror?: (error: Error) => void;
  onmessage?: (message: JSONRPCMessage, extra?: MessageExtraInfo) => void;
  readonly #inner: Transport;
  readonly #handler: ModernTransportHandler;
  #started: Promise<void> | undefined;

  constructor(inner: Transport, handler: ModernTransportHandler) {
    this.#inner = inner;
    this.#handler = handler;
  }

  /** Whether each request has its own response stream. Closing that stream cancels the request. */
  get hasPerRequestStream(): boolean {
    return this.#inner.hasPerRequestStream === true;
  }

  start(): Promise<void> {
    return (this.#started ??= this.#start());
  }

  async send(message: JSONRPCMessage, options: TransportSendOptions = {}): Promise<void> {
    const isCancellation = 'method' in message && message.method === 'notifications/cancelled';
    this.#handler.onSent(message);
    // Not needed, because closing the response stream has already cancelled the request.
    if (isCancellation && this.hasPerRequestStream) return;
    const { requestSignal, headers } = options;
    if (requestSignal && 'method' in message && 'id' in message) {
      const { id } = message;
      const abandon = (): void => {
        this.#handler.onAbandoned(id);
      };
      requestSignal.addEventListener('abort', abandon, { once: true });
    }
    try {
      await this.#inner.send(message, { requestSignal, headers });
    } catch (error) {
      throw this.#handler.toSendError(error);
    }
  }

  /** Never rejects, because the SDK does not handle rejections. */
  async close(): Promise<void> {
    try {
      await this.#inner.close();
    } catch (error) {
      this.#handler.onError(error instanceof Error ? error : new Error(String(error)));
    }
  }

  setProtocolVersion(version: string): void {
    this.#inner.setProtocolVersion?.(version);
  }

  async #start(): Promise<void> {
    this.#inner.onmessage = this.#handler.onReceived;
    this.#inner.onerror = this.#handler.onError;
    this.#inner.onclose = () => {
      this.#handler.onClosed();
      this.onclose?.();
    };
    await this.#inner.start();
  }
}
