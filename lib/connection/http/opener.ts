import type { EventSourceMessage } from 'eventsource-parser';
import { Observable, Subscription, type MonoTypeOperatorFunction, type SchedulerLike } from 'rxjs';
import { ConnectionFailedError } from '../../errors';
import { toTypedError } from '../toTypedError';
import { eventsOf, type RetryHint } from './eventsOf';
import type { OpenGet } from './fetchSeam';

/** What opening streams needs. */
export interface OpenerOptions {
  /** Has the SDK make a GET, with an id that stands for it. */
  resumeStream(key: string): Promise<void>;
  hint: RetryHint;
  /** How long the server may take to agree, if there is a limit; in milliseconds. */
  patience(): number | undefined;
  scheduler: SchedulerLike;
}

/** Opens event streams. */
export interface Opener {
  /** The GETs that are under way, by the id that the SDK was told: it never sees a real one. */
  readonly gets: ReadonlyMap<string, OpenGet>;
  /**
   * Cold; the events of a GET, after the given one if there is one. However it ends, it errors.
   *
   * @param guard - sees the text before it is parsed.
   */
  open$(
    lastEventId: string | undefined,
    opened?: () => void,
    guard?: MonoTypeOperatorFunction<string>,
  ): Observable<EventSourceMessage>;
}

/** Milliseconds in which a server that opens its streams at once will surely have done so. */
const promptly = 1_000;
const surely = 10_000;

/** See {@link Opener}. */
export function createOpener({ resumeStream, hint, patience, scheduler }: OpenerOptions): Opener {
  const gets = new Map<string, OpenGet>();
  let opens = 0;
  // There are servers that open a stream no sooner than there is something to send.
  let isPrompt = false;

  async function ask(key: string): Promise<void> {
    await resumeStream(key);
    if (gets.has(key)) throw new ConnectionFailedError('listening: the server did not open a stream', { status: 405 });
  }

  function overdue(late: (error: Error) => void): Subscription {
    const bound = Math.min(patience() ?? Infinity, isPrompt ? surely : Infinity);
    if (bound === Infinity) return Subscription.EMPTY;
    return scheduler.schedule(() => {
      late(new ConnectionFailedError(`listening: no answer in ${String(Math.round(bound))} ms`));
    }, bound);
  }

  return {
    gets,
    open$: (lastEventId, opened, guard) =>
      new Observable((subscriber) => {
        const controller = new AbortController();
        const key = `rx-mcp-${String(opens++)}`;
        const askedAt = scheduler.now();
        const fail = (cause: unknown): void => {
          if (gets.has(key)) subscriber.error(toTypedError(cause, 'listening'));
        };
        const waiting = overdue(fail);
        subscriber.add(waiting);
        subscriber.add(() => {
          gets.delete(key);
          controller.abort();
        });
        gets.set(key, {
          lastEventId,
          signal: controller.signal,
          opened: (body) => {
            waiting.unsubscribe();
            gets.delete(key);
            if (scheduler.now() - askedAt < promptly) isPrompt = true;
            opened?.();
            subscriber.add(eventsOf(body, hint, scheduler, guard).subscribe(subscriber));
          },
        });
        ask(key).catch(fail);
      }),
  };
}
