import {
  EMPTY,
  lastValueFrom,
  NEVER,
  type Observable,
  scan,
  type SchedulerLike,
  takeUntil,
  takeWhile,
  timer,
} from 'rxjs';
import { readChunks } from './sse/readChunks';

/**
 * The whole text of a body, or as much of it as there is when it has become longer than `bound` characters, or when `enough$`
 * emits. What is left of it is cancelled.
 */
export function readText({ body }: Response, bound: number, enough$: Observable<unknown> = NEVER): Promise<string> {
  const chunks$ = body ? readChunks(body) : EMPTY;
  const text$ = chunks$.pipe(
    scan((text, chunk) => text + chunk, ''),
    takeWhile((text) => text.length <= bound, true),
    takeUntil(enough$),
  );
  return lastValueFrom(text$, { defaultValue: '' });
}

/** How much of a refusal is read, in characters. */
const most = 64 * 1024;
/** How long a refusal may take to be read, in milliseconds. */
const longest = 5_000;

/** What a server says where it refuses something, as far as it says so in time. */
export function readErrorBody(response: Response, scheduler: SchedulerLike): Promise<string> {
  return readText(response, most, timer(longest, scheduler));
}

/** What a response may hold that the SDK reads by itself, in bytes: a refusal, or an answer in the course of authorization. */
const mostBytes = 1024 * 1024;

/** The same response; its body errors when it is longer than anything that is meant to be read at once. */
export function limitBody(response: Response): Response {
  if (!response.body) return response;
  let left = mostBytes;
  const limit = new TransformStream<Uint8Array, Uint8Array>({
    transform(chunk, controller) {
      left -= chunk.byteLength;
      if (left < 0) controller.error(new Error(`an answer of more than ${String(mostBytes)} bytes`));
      else controller.enqueue(chunk);
    },
  });
  return new Response(response.body.pipeThrough(limit), response);
}
