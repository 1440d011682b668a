import { Observable } from 'rxjs';

/** Emits the decoded text of a body as it arrives. Unsubscribing cancels the body, and with it the request. */
export function readChunks(body: ReadableStream<Uint8Array>): Observable<string> {
  return new Observable((subscriber) => {
    const reader = body.getReader();
    const decoder = new TextDecoder();

    async function read(): Promise<void> {
      for (;;) {
        const { value, done } = await reader.read();
        if (done) return;
        subscriber.next(decoder.decode(value, { stream: true }));
      }
    }

    read().then(
      () => {
        subscriber.complete();
      },
      (error: unknown) => {
        subscriber.error(error);
      },
    );
    return () => {
      reader.cancel().catch(() => undefined);
    };
  });
}
