/** What a response may hold that the SDK reads by itself, in bytes: a refusal, or an answer in the course of authorization. */
const mostBytes = 1024 * 1024;

/** The same response; its body errors when it is longer than anything that is meant to be read at once. */
export function limited(response: Response): Response {
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
