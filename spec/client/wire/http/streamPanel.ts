import type { EventSourceMessage } from 'eventsource-parser';
import { noop, Observable, ReplaySubject, Subscription, switchMap, take } from 'rxjs';
import type { GetStream } from '../../../../lib/client/wire/http/getStreams';

/** A request for a stream, which the spec answers. */
interface StreamRequest {
  readonly lastEventId: string | undefined;
  /** Whether the request is pending or its stream is being read. */
  readonly isOpen: boolean;
  /** Accepts the request. */
  accept(): void;
  send(id?: string, data?: string): void;
  /** Rejects the request, or ends the stream with an error. */
  fail(error: Error): void;
}

/** Streams that are controlled by a spec. */
export interface StreamPanel {
  readonly open$: GetStream;
  /** All requests, in order. */
  readonly requests: StreamRequest[];
  /** The latest request. */
  readonly last: StreamRequest;
}

/** Creates a panel without requests. */
export function streamPanel(): StreamPanel {
  const requests: StreamRequest[] = [];
  return {
    requests,
    get last() {
      return requests[requests.length - 1]!;
    },
    open$: (lastEventId, onOpen = noop, begin$) =>
      new Observable<EventSourceMessage[]>((subscriber) => {
        // Sent events are buffered until the stream is read.
        const events$ = new ReplaySubject<EventSourceMessage[]>(Infinity);
        const subscription = new Subscription();
        const read$ =
          begin$?.pipe(
            take(1),
            switchMap(() => events$),
          ) ?? events$;
        requests.push({
          lastEventId,
          get isOpen() {
            return !subscription.closed;
          },
          accept: () => {
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
