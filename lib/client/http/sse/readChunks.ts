/**
 * Reads a body, and calls `onText` with the decoded text of each chunk. Resolves when the body has ended.
 *
 * @param start - chunks that have been read from the body before.
 */
export async function readChunks(
  reader: ReadableStreamDefaultReader<Uint8Array>,
  onText: (text: string) => void,
  start: readonly Uint8Array[] = [],
): Promise<void> {
  const decoder = new TextDecoder();
  for (const chunk of start) onText(decoder.decode(chunk, { stream: true }));
  for (;;) {
    const { value, done } = await reader.read();
    if (done) return;
    onText(decoder.decode(value, { stream: true }));
  }
}
