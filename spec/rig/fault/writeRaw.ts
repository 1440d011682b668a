import type { OpenStream } from './createStreams';

/** Writes text to streams as it is, cut into writes of so many bytes. Returns how many streams there were. */
export async function writeRaw(streams: OpenStream[], text: string, bytesPerWrite = Infinity): Promise<number> {
  const bytes = Buffer.from(text);
  for (let start = 0; start < bytes.length; start += bytesPerWrite) {
    const piece = bytes.subarray(start, start + bytesPerWrite);
    // One write has left before the next one begins, or they would be put together again.
    await Promise.all(streams.map(({ response }) => new Promise((left) => response.write(piece, left))));
  }
  return streams.length;
}
