import type { EventSourceMessage } from 'eventsource-parser';
import {
  catchError,
  map,
  Observable,
  of,
  race,
  ReplaySubject,
  Subscription,
  take,
  timer,
  type MonoTypeOperatorFunction,
  type SchedulerLike,
} from 'rxjs';
import { ConnectionFailedError, UnauthorizedError } from '../../errors';
import { toTypedError } from '../../client/connection/toTypedError';
import { readEvents, type RetryHint } from '../../client/http/sse/readEvents';
import type { OpenGet } from './fetchSeam';

type Body = ReadableStream<Uint8Array>;

/** What opening streams needs. */
export interface OpenerOptions {
  /** Has the SDK make a GET, with an id that stands for it. */
  resumeStream(key: string): Promise<void>;
  hint: RetryHint;
  /** How long the server may take to agree, if there is a limit; in milliseconds. */
  patience(): number | undefined;
  /** What ends with the connection. */
  running: Subscription;
  scheduler: SchedulerLike;
}

/** Opens event streams. */
export interface Opener {
  /** The GETs that are under way, by the id that the SDK was told: it never sees a real one. */
  readonly gets: ReadonlyMap<string, OpenGet>;
  /**
   * Asks for a stream ahead of time: the first that is opened without an event id is that one. Resolves when the server has
   * agreed, or else, with the reason, when it has not done so in `grace` milliseconds, or refused.
   */
  ahead(grace: number): Promise<Error | undefined>;
  /**
   * Cold; the events of a GET, those of a chunk together, after the given one if there is one. However it ends, it errors.
   *
   * @param guard - sees the text before it is parsed.
   */
  open$(
    lastEventId: string | undefined,
    opened?: () => void,
    guard?: MonoTypeOperatorFunction<string>,
  ): Observable<EventSourceMessage[]>;
}

/** Milliseconds in which a server that opens its streams at once will surely have done so. */
const promptly = 1_000;
const surely = 10_000;

/** See {@link Opener}. */
export function createOpener({ resumeStream, hint, patience, running, scheduler }: OpenerOptions): Opener {
  const gets = new Map<string, OpenGet>();
  let opens = 0;
  // There are servers that open a stream no sooner than there is something to send.
  let isPrompt = false;
  /** The GET that was made ahead of time, until somebody takes it over. */
  let ahead: { body$: Observable<Body>; held: Subscription } | undefined;

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

  /** Cold; the body of a GET, once the server has opened it. It does not complete; unsubscribing ends the request. */
  function get$(lastEventId: string | undefined): Observable<Body> {
    return new Observable((subscriber) => {
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
          subscriber.next(body);
        },
      });
      ask(key).catch(fail);
    });
  }

  return {
    gets,
    ahead(grace) {
      const body$ = new ReplaySubject<Body>(1);
      const held = get$(undefined).subscribe(body$);
      const opened$ = body$.pipe(
        map(() => undefined),
        catchError((cause: unknown) => {
          const error = toTypedError(cause, 'listening');
          // What is refused to a client that is not initialized yet may be granted to one that is.
          if (!isFinal(error)) ahead = undefined;
          return of(error);
        }),
      );
      const late$ = timer(grace, scheduler).pipe(
        map(() => new ConnectionFailedError('listening: the stream opened late')),
      );
      ahead = { body$, held };
      running.add(held);
      return new Promise((resolve) => {
        running.add(race(opened$, late$).pipe(take(1)).subscribe(resolve));
      });
    },
    open$: (lastEventId, opened, guard) =>
      new Observable((subscriber) => {
        const own = lastEventId === undefined ? ahead : undefined;
        if (own) ahead = undefined;

        function read(body: Body): void {
          opened?.();
          readEvents(body, { hint, scheduler, guard }).subscribe(subscriber);
        }

        subscriber.add(own?.held);
        subscriber.add(
          (own?.body$ ?? get$(lastEventId)).subscribe({
            next: read,
            error: (error: unknown) => {
              subscriber.error(error);
            },
          }),
        );
      }),
  };
}

/** Whether a server says no to the client, and not to the moment. */
function isFinal(error: Error): boolean {
  return error instanceof UnauthorizedError || (error instanceof ConnectionFailedError && error.status === 405);
}
