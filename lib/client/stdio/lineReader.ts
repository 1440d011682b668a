/** How long a line may be, in bytes. */
const longest = 64 * 1024 * 1024;

/**
 * Cuts what comes in into lines, at `\n` alone: other line ends may stand inside of JSON. Bytes are put together, and made
 * text, once for all the lines that end in a chunk.
 */
export function createLineReader(
  onLine: (line: string) => void,
  onTooLong: (error: Error) => void,
): (chunk: Buffer) => void {
  let parts: Buffer[] = [];
  let length = 0;

  return (chunk) => {
    const end = chunk.lastIndexOf(10);
    if (end !== -1) {
      const whole = parts.length > 0 ? Buffer.concat([...parts, chunk.subarray(0, end)]) : chunk.subarray(0, end);
      parts = [];
      length = 0;
      for (const line of whole.toString('utf8').split('\n')) {
        const text = line.trim();
        if (text) onLine(text);
      }
    }
    if (end + 1 === chunk.length) return;
    parts.push(chunk.subarray(end + 1));
    length += chunk.length - end - 1;
    if (length <= longest) return;
    parts = [];
    length = 0;
    onTooLong(new Error(`the server sent a line of more than ${String(longest)} bytes`));
  };
}
