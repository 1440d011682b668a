import { Observable, Subject } from 'rxjs';
import type { RedisClient, RedisListener } from './redisClient';

/** Redis channels as Observables. All channels share one connection. */
export interface RedisTopics {
  /**
   * Returns the messages of a channel. Emits `undefined` when the subscription has taken effect, and each time it is
   * restored.
   */
  on$(channel: string): Observable<string | undefined>;
  /** Resubscribes to all channels after a reconnection, and emits `undefined` for each of them. */
  restore(): Promise<void>;
  channels(): IterableIterator<string>;
}

/** Creates {@link RedisTopics}. The client is subscribed to a channel while the channel has subscribers. */
export function createRedisTopics(client: RedisClient): RedisTopics {
  const topics = new Map<string, Topic>();

  const listener: RedisListener = (message, channel) => {
    const topic = topics.get(channel);
    if (topic) topic.message$.next(message);
    // Unsubscribing failed because the connection was lost, so unsubscribe again.
    else leave(channel);
  };

  const subscribe = async (channels: string[]): Promise<void> => {
    await client.subscribe(channels, listener);
    for (const channel of channels) {
      const topic = topics.get(channel);
      if (!topic) continue;
      topic.isActive = true;
      topic.message$.next(undefined);
    }
  };

  const leave = (channel: string): void => {
    if (client.isReady) client.unsubscribe(channel, listener).catch(ignore);
  };

  return {
    on$: (channel) =>
      new Observable((subscriber) => {
        const known = topics.get(channel);
        const topic = known ?? { message$: new Subject(), isActive: false };
        topic.message$.subscribe(subscriber);
        if (!known) {
          topics.set(channel, topic);
          // While disconnected, nothing is sent, because `restore` subscribes later.
          if (client.isReady) subscribe([channel]).catch(ignore);
        } else if (known.isActive) {
          subscriber.next(undefined);
        }
        return () => {
          if (topic.message$.observed) return;
          topics.delete(channel);
          leave(channel);
        };
      }),
    restore: async () => {
      if (topics.size > 0) await subscribe([...topics.keys()]);
    },
    channels: () => topics.keys(),
  };
}

interface Topic {
  message$: Subject<string | undefined>;
  isActive: boolean;
}

/** Ignores the error of a command that failed because the connection was lost. `restore` subscribes again. */
function ignore(): void {}
