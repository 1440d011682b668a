import type { Transport, TransportSendOptions } from '@modelcontextprotocol/sdk/shared/transport.js';
import type { JSONRPCMessage, MessageExtraInfo } from '@modelcontextprotocol/sdk/types.js';
import { ConnectionLostError } from '../errors';
import { zeroId } from './zeroId';

/** What a {@link TappedTransport} tells of the traffic. */
export interface TransportTaps {
  received(value: unknown): void;
  sent(message: JSONRPCMessage): void;
  /** The transport could not send; what this returns is what the sender gets. */
  notSent(error: unknown): Error;
  closed(): void;
  failed(error: Error): void;
}

/** How many answers may be on their way at a time: a server that asks on and on, and takes none, gets no more. */
const mostAnswers = 1_024;

/** What the SDK's client gets for a transport: the real one sends, and what comes in is the tap's to pass on. */
export class TappedTransport implements Transport {
  onclose?: () => void;
  onerror?: (error: Error) => void;
  onmessage?: (message: JSONRPCMessage, extra?: MessageExtraInfo) => void;
  /** What was agreed on in the handshake. */
  protocolVersion: string | undefined;
  readonly #inner: Transport;
  readonly #taps: TransportTaps;
  #isClosed = false;
  #answers = 0;

  constructor(inner: Transport, taps: TransportTaps) {
    this.#inner = inner;
    this.#taps = taps;
  }

  get sessionId(): string | undefined {
    return this.#inner.sessionId;
  }

  async start(): Promise<void> {
    this.#inner.onmessage = this.#taps.received;
    this.#inner.onerror = this.#taps.failed;
    this.#inner.onclose = () => {
      this.abandon();
    };
    await this.#inner.start();
  }

  async send(message: JSONRPCMessage, options?: TransportSendOptions): Promise<void> {
    this.#taps.sent(message);
    const isAnswer = !('method' in message);
    if (isAnswer && this.#answers >= mostAnswers) {
      throw new ConnectionLostError(`the server has yet to take ${String(mostAnswers)} answers`);
    }
    try {
      if (isAnswer) this.#answers++;
      await this.#inner.send(zeroId.show(message), options);
    } catch (error) {
      throw this.#taps.notSent(error);
    } finally {
      if (isAnswer) this.#answers--;
    }
  }

  /** Never rejects: the SDK closes without waiting for what comes of it. */
  async close(): Promise<void> {
    try {
      await this.#inner.close();
    } catch (error) {
      this.#taps.failed(error instanceof Error ? error : new Error(String(error)));
    }
    this.abandon();
  }

  /** Has the SDK take it for closed, whether or not the real one says so: the timers of open requests end with that. */
  abandon(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#taps.closed();
    this.onclose?.();
  }

  setProtocolVersion(version: string): void {
    this.protocolVersion = version;
    this.#inner.setProtocolVersion?.(version);
  }
}
