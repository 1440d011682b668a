import type { ServerResponse } from 'node:http';

/** Writes a body as it comes; gives it up when the connection goes, or when the response was ended elsewhere. */
export async function writeBody(body: ReadableStream<Uint8Array>, to: ServerResponse): Promise<void> {
  const reader = body.getReader();
  const closed = new Promise<void>((resolve) => {
    if (to.closed) resolve();
    else to.once('close', resolve);
  }).then(() => reader.cancel());
  for (;;) {
    const { done, value } = await reader.read();
    if (done || to.writableEnded) break;
    if (!to.write(value)) await Promise.race([new Promise((drained) => to.once('drain', drained)), closed]);
  }
  to.end();
  await closed;
}
