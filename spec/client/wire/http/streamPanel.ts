import type { EventSourceMessage } from 'eventsource-parser';
import { identity, noop, Observable, of, ReplaySubject, Subscription, switchMap, take } from 'rxjs';
import type { GetStream } from '../../../../lib/client/wire/http/getStream';

/** One request for a stream, to be answered by the spec. */
interface AskedStream {
  readonly lastEventId: string | undefined;
  /** Whether something still waits for it, or listens to it. */
  readonly isWanted: boolean;
  /** The server agrees. */
  agree(): void;
  send(id?: string, data?: string): void;
  /** It is refused, or ends. */
  fail(error: Error): void;
}

/** Streams that open, speak and end when a spec says so. */
export interface StreamPanel {
  readonly open$: GetStream;
  /** What was asked for, in order. */
  readonly asked: AskedStream[];
  /** What was asked for last. */
  readonly last: AskedStream;
}

/** A panel with nothing asked for yet. */
export function streamPanel(): StreamPanel {
  const asked: AskedStream[] = [];
  return {
    asked,
    get last() {
      return asked[asked.length - 1]!;
    },
    open$: (lastEventId, onOpen = noop, guard = identity) =>
      new Observable<EventSourceMessage[]>((subscriber) => {
        // What is sent to somebody who does not read it yet waits on its way.
        const events$ = new ReplaySubject<EventSourceMessage[]>(Infinity);
        const subscription = new Subscription();
        // A guard decides when the text of the stream is first read.
        const read$ =
          guard === identity
            ? events$
            : guard(of('')).pipe(
                take(1),
                switchMap(() => events$),
              );
        asked.push({
          lastEventId,
          get isWanted() {
            return !subscription.closed;
          },
          agree: () => {
            onOpen();
            subscription.add(read$.subscribe(subscriber));
          },
          send: (id, data = '{}') => {
            events$.next([{ id, data, event: undefined }]);
          },
          fail: (error) => {
            if (events$.observed) events$.error(error);
            else subscriber.error(error);
          },
        });
        return subscription;
      }),
  };
}
