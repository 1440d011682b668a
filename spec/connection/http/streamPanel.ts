import type { EventSourceMessage } from 'eventsource-parser';
import { Observable, Subject } from 'rxjs';
import type { OpenStream } from '../../../lib/connection/http/resume';

/** One request for a stream, to be answered by the spec. */
export interface AskedStream {
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
    open$: (lastEventId, opened) =>
      new Observable<EventSourceMessage>((subscriber) => {
        const events$ = new Subject<EventSourceMessage>();
        const subscription = events$.subscribe(subscriber);
        asked.push({
          lastEventId,
          get isWanted() {
            return !subscription.closed;
          },
          agree: opened,
          send: (id, data = '{}') => {
            events$.next({ id, data, event: undefined });
          },
          fail: (error) => {
            events$.error(error);
          },
        });
        return subscription;
      }),
  };
}
