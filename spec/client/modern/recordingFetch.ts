import type { SubscriptionFilter } from '@modelcontextprotocol/client';

/** A message that a client sent over HTTP. */
interface SentMessage {
  method: string;
  params?: { notifications?: SubscriptionFilter; _meta?: Record<string, unknown> };
  headers: Headers;
  /** Aborts when the client closes the response stream. */
  signal: AbortSignal | null | undefined;
}

/** A `fetch` that records sent messages. */
export interface RecordingFetch {
  fetch: typeof fetch;
  readonly sent: SentMessage[];
  /** The filters of all subscriptions, in order. */
  filters(): (SubscriptionFilter | undefined)[];
}

/** Creates a {@link RecordingFetch}. */
export function recordingFetch(): RecordingFetch {
  const sent: SentMessage[] = [];
  return {
    sent,
    fetch: (input, init) => {
      if (typeof init?.body === 'string') {
        const message = JSON.parse(init.body) as SentMessage;
        sent.push({ ...message, headers: new Headers(init.headers), signal: init.signal });
      }
      return fetch(input, init);
    },
    filters: () =>
      sent.filter(({ method }) => method === 'subscriptions/listen').map(({ params }) => params?.notifications),
  };
}
