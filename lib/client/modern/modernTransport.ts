import type { JSONRPCMessage, MessageExtraInfo, Transport, TransportSendOptions } from '@modelcontextprotocol/client';
import type { RequestId } from '../../protocol/types';

/** What a {@link ModernTransport} tells of the traffic. */
export interface ModernTaps {
  received(value: unknown): void;
  sent(message: JSONRPCMessage): void;
  /** Nobody waits for the answer to this request any more. */
  abandoned(id: RequestId): void;
  /** The transport could not send; what this returns is what the sender gets. */
  notSent(error: unknown): Error;
  closed(): void;
  failed(error: Error): void;
}

/**
 * What the SDK's client gets for a transport: the real one sends, and what comes in is the tap's to pass on. It may be
 * started before the client gets it: what the server speaks is asked first, and nothing that comes in meanwhile is lost.
 */
export class ModernTransport implements Transport {
  onclose?: () => void;
  onerror?: (error: Error) => void;
  onmessage?: (message: JSONRPCMessage, extra?: MessageExtraInfo) => void;
  readonly #inner: Transport;
  readonly #taps: ModernTaps;
  #started: Promise<void> | undefined;

  constructor(inner: Transport, taps: ModernTaps) {
    this.#inner = inner;
    this.#taps = taps;
  }

  /** Whether each request is answered on a stream of its own, and cancelled by closing that. */
  get hasPerRequestStream(): boolean {
    return this.#inner.hasPerRequestStream === true;
  }

  start(): Promise<void> {
    return (this.#started ??= this.#start());
  }

  async send(message: JSONRPCMessage, options: TransportSendOptions = {}): Promise<void> {
    const isCancellation = 'method' in message && message.method === 'notifications/cancelled';
    this.#taps.sent(message);
    // The stream has been closed, which says it all.
    if (isCancellation && this.hasPerRequestStream) return;
    const { requestSignal, headers } = options;
    if (requestSignal && 'method' in message && 'id' in message) {
      const { id } = message;
      const abandon = (): void => {
        this.#taps.abandoned(id);
      };
      requestSignal.addEventListener('abort', abandon, { once: true });
    }
    try {
      await this.#inner.send(message, { requestSignal, headers });
    } catch (error) {
      throw this.#taps.notSent(error);
    }
  }

  /** Never rejects: the SDK closes without waiting for what comes of it. */
  async close(): Promise<void> {
    try {
      await this.#inner.close();
    } catch (error) {
      this.#taps.failed(error instanceof Error ? error : new Error(String(error)));
    }
  }

  setProtocolVersion(version: string): void {
    this.#inner.setProtocolVersion?.(version);
  }

  async #start(): Promise<void> {
    this.#inner.onmessage = this.#taps.received;
    this.#inner.onerror = this.#taps.failed;
    this.#inner.onclose = () => {
      this.#taps.closed();
      this.onclose?.();
    };
    await this.#inner.start();
  }
}
