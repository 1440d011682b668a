import { NEVER, noop, type Observable, type SchedulerLike, timer } from 'rxjs';
import { readChunks } from './sse/readChunks';
import type { StartedBody } from './startedBody';

/**
 * Reads the text of a response body, until it exceeds `maxLength` characters or `stop$` emits. Cancels the rest of the
 * body.
 */
export function readText({ body }: Response, maxLength: number, stop$?: Observable<unknown>): Promise<string> {
  return body ? readRest({ reader: body.getReader(), start: [] }, maxLength, stop$) : Promise.resolve('');
}

/** Like {@link readText}, for a body whose first chunks have been read. */
export async function readRest(
  { reader, start }: StartedBody,
  maxLength: number,
  stop$: Observable<unknown> = NEVER,
): Promise<string> {
  let text = '';
  const cancel = (): void => {
    reader.cancel().catch(noop);
  };
  const stopping = stop$.subscribe(cancel);
  try {
    await readChunks(
      reader,
      (chunk) => {
        text += chunk;
        if (text.length > maxLength) cancel();
      },
      start,
    );
    return text;
  } finally {
    stopping.unsubscribe();
  }
}

const maxErrorBodyLength = 64 * 1024;
const errorBodyTimeoutMs = 5_000;

/** Reads the body of an error response. Bounded in size and time. */
export function readErrorBody(response: Response, scheduler: SchedulerLike): Promise<string> {
  return readText(response, maxErrorBodyLength, timer(errorBodyTimeoutMs, scheduler));
}

/**
 * The maximum size of a body that the SDK reads, in bytes: of an error, or of a response from an authorization server.
 */
const maxBodyBytes = 1024 * 1024;

/** Returns the same response, with a body that errors if it exceeds {@link maxBodyBytes}. */
export function limitBody(response: Response): Response {
  if (!response.body) return response;
  let remaining = maxBodyBytes;
  const limit = new TransformStream<Uint8Array, Uint8Array>({
    transform(chunk, controller) {
      remaining -= chunk.byteLength;
      if (remaining < 0) controller.error(new Error(`response body exceeds ${String(maxBodyBytes)} bytes`));
      else controller.enqueue(chunk);
    },
  });
  return new Response(response.body.pipeThrough(limit), response);
}
