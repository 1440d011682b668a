import type { EventSourceMessage } from 'eventsource-parser';
import { identity, Observable, ReplaySubject, Subscription } from 'rxjs';
import type { OpenStream } from '../../../lib/connection/http/resume';

/** One request for a stream, to be answered by the spec. */
interface AskedStream {
  readonly lastEventId: string | undefined;
  /** Whether somebody still waits for it, or listens to it. */
  readonly isWanted: boolean;
  /** The server agrees. */
  agree(): void;
  send(id?: string, data?: string): void;
  /** It is refused, or ends. */
  fail(error: Error): void;
}

/** Streams that open, speak and end when a spec says so. */
export interface StreamPanel {
  readonly open$: OpenStream;
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
    open$: (lastEventId, opened, hold = identity) =>
      new Observable<EventSourceMessage[]>((subscriber) => {
        // What is sent to somebody who does not read it yet waits on its way.
        const events$ = new ReplaySubject<EventSourceMessage[]>(Infinity);
        const subscription = new Subscription();
        asked.push({
          lastEventId,
          get isWanted() {
            return !subscription.closed;
          },
          agree: () => {
            opened();
            subscription.add(hold(events$).subscribe(subscriber));
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
