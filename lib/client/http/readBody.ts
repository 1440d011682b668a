import {
  from,
  ignoreElements,
  lastValueFrom,
  NEVER,
  noop,
  Observable,
  scan,
  type SchedulerLike,
  takeUntil,
  takeWhile,
  timer,
} from 'rxjs';
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
export function readRest(body: StartedBody, maxLength: number, stop$: Observable<unknown> = NEVER): Promise<string> {
  const text$ = chunks$(body).pipe(
    scan((text, chunk) => text + chunk, ''),
    takeWhile((text) => text.length <= maxLength, true),
    takeUntil(stop$),
  );
  return lastValueFrom(text$, { defaultValue: '' });
}

/** Emits the decoded text of a body as it arrives. Unsubscribing cancels the body, which aborts the request. */
function chunks$({ reader, start }: StartedBody): Observable<string> {
  return new Observable((subscriber) => {
    subscriber.add(() => {
      reader.cancel().catch(noop);
    });
    return from(readChunks(reader, (chunk) => subscriber.next(chunk), start))
      .pipe(ignoreElements())
      .subscribe(subscriber);
  });
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
