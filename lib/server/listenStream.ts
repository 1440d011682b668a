import type { Subscription } from 'rxjs';
import type { Broadcast } from './broadcasts';
import { eventOf, EventStream, maxWaitingBytes, type StreamOwner } from './eventStream';
import { startListening } from './listening';
import { readLog } from './readLog';
import type { ServerCore } from './serverCore';
import type { LiveSession } from './serverSession';
import { sessionLog } from './sessionRecord';

/** The position of a stream in the session's own log and in the broadcast log. */
export interface ListenPosition {
  readonly own: string;
  readonly broadcast: string;
}

export interface ListenStreamOptions {
  core: ServerCore;
  session: LiveSession;
  /** Aborts when the client disconnects. */
  signal: AbortSignal | undefined;
  from: ListenPosition;
  /**
   * Whether the client supports an event without data. The first event is then one, so that the client has an event id.
   */
  isPriming: boolean;
}

const batchSize = 64;

/**
 * The GET stream of a session. Writes the messages of the session's own log and of the broadcast log, starting after a
 * position, as fast as the client reads them.
 *
 * A class without RxJS operators, to save memory: a server has one instance per listening client.
 */
export class ListenStream implements StreamOwner {
  readonly events: EventStream;
  readonly #core: ServerCore;
  readonly #session: LiveSession;
  readonly #hasIds: boolean;
  readonly #startIndex: number;
  readonly #wakeups: Subscription;
  readonly #listening: Subscription;
  #ownPosition: string;
  #broadcastPosition: string;
  /**
   * The index of the next broadcast in the node's cache. `undefined` while the stream's position is older than the
   * cache.
   */
  #index: number | undefined;
  #isOwnLogDue = true;
  #isWriting = false;
  #isReading = false;
  #isDue = false;

  constructor({ core, session, signal, from, isPriming }: ListenStreamOptions) {
    const { settings, broadcasts, keepAlive } = core;
    this.#core = core;
    this.#session = session;
    this.#hasIds = settings.replay !== false;
    this.#startIndex = broadcasts.end;
    this.#ownPosition = from.own;
    this.#broadcastPosition = from.broadcast;
    const highWaterMark = Math.min(settings.buffer, maxWaitingBytes);
    this.events = new EventStream({ highWaterMark, keepAlive, signal, owner: this });
    session.events = this.events;
    broadcasts.addReader(this);
    this.#wakeups = settings.backplane.wake$(sessionLog(session.id)).subscribe(() => {
      this.#isOwnLogDue = true;
      void this.#readAll();
    });
    this.#listening = startListening(core, session, this);
    const isFirstEmpty = this.#hasIds && isPriming;
    this.events.write(isFirstEmpty ? eventOf(`${from.own}.${from.broadcast}`, '') : ': open\n\n');
    this.events.open();
    this.wake();
  }

  position(): ListenPosition {
    return { own: this.#ownPosition, broadcast: this.#broadcastPosition };
  }

  /**
   * Continues writing. Called when there may be more messages. Synchronous if only cached broadcasts have to be
   * written.
   */
  wake(): void {
    const isOwnLogReadable = this.#isOwnLogDue && this.events.hasRoom();
    if (isOwnLogReadable || this.#index === undefined || !this.#writeCached()) void this.#readAll();
  }

  onRoom(): void {
    this.wake();
  }

  onClosed(): void {
    this.#core.broadcasts.removeReader(this);
    this.#wakeups.unsubscribe();
    this.#session.deliveredTo = this.position();
    this.#listening.unsubscribe();
  }

  async #readAll(): Promise<void> {
    this.#isDue = true;
    if (this.#isReading) return;
    this.#isReading = true;
    try {
      while (this.#isDue) {
        this.#isDue = false;
        await this.#readOwn();
        await this.#catchUp();
      }
    } catch (cause) {
      this.#core.report(cause);
    } finally {
      this.#isReading = false;
    }
  }

  /** The number of entries to read. Without room, one, to detect that the log has dropped it: the stream then closes. */
  get #count(): number {
    return this.events.hasRoom() ? batchSize : 1;
  }

  async #readOwn(): Promise<void> {
    const { backplane } = this.#core.settings;
    while (this.#isOwnLogDue) {
      this.#isOwnLogDue = false;
      const batch = await readLog(backplane, sessionLog(this.#session.id), this.#ownPosition, this.#count);
      if (!batch) {
        this.events.close();
        return;
      }
      for (const { id, frame } of batch) {
        if (!this.events.hasRoom()) break;
        this.#ownPosition = id;
        this.events.write(eventOf(this.#hasIds ? `${id}.${this.#broadcastPosition}` : undefined, frame));
      }
      if (batch.length > 0) this.#isOwnLogDue = true;
      if (!this.events.hasRoom()) return;
    }
  }

  /** Reads and writes the broadcasts that are older than the cache. */
  async #catchUp(): Promise<void> {
    const { broadcasts } = this.#core;
    while (!this.#writeCached()) {
      const batch = await broadcasts.range(this.#broadcastPosition, this.#count);
      if (!batch) {
        this.events.close();
        return;
      }
      for (const next of batch) if (this.events.hasRoom()) this.#take(next, true);
      // Without entries, the node's cache has not reached the end of the log yet. The node wakes this stream when it has.
      if (batch.length === 0 || !this.events.hasRoom()) return;
    }
  }

  /** Writes the cached broadcasts. Returns `false` if the position of the stream is older than the cache. */
  #writeCached(): boolean {
    if (this.#isWriting) return true;
    this.#isWriting = true;
    const { broadcasts } = this.#core;
    this.#index ??= broadcasts.indexAfter(this.#broadcastPosition);
    while (this.#index !== undefined) {
      const next = broadcasts.at(this.#index);
      if (!next) this.#index = undefined;
      else if (next === 'end' || !this.events.hasRoom()) break;
      else {
        this.#take(next, this.#index < this.#startIndex);
        this.#index++;
      }
    }
    this.#isWriting = false;
    return this.#index !== undefined;
  }

  #take(next: Broadcast, isPast: boolean): void {
    const { broadcasts, node } = this.#core;
    this.#broadcastPosition = next.id;
    if (!isFor(next, this.#session, isPast ? undefined : node())) return;
    this.events.writeBytes(broadcasts.eventOf(next, this.#hasIds ? this.#ownPosition : undefined));
  }
}

/**
 * Whether a session receives a broadcast.
 *
 * @param node - the node of the session's stream: broadcasts for the streams of another node are not received. Default:
 *   those for all nodes are received, because the session may have been on another node when they were sent.
 */
export function isFor({ target }: Broadcast, { record }: LiveSession, node?: string): boolean {
  if (node !== undefined && target.node !== undefined && target.node !== node) return false;
  if (target.principal !== undefined && target.principal !== record.principal) return false;
  return target.subscribed === undefined || record.uris.includes(target.subscribed);
}
