/** How long a line may be, in bytes. */
const longest = 64 * 1024 * 1024;

/**
 * Cuts what comes in into lines, at `\n` alone: other line ends may stand inside of JSON. Bytes are only put together when
 * a line is spread over several chunks.
 */
export function createLineReader(
  onLine: (line: string) => void,
  onTooLong: (error: Error) => void,
): (chunk: Buffer) => void {
  let parts: Buffer[] = [];
  let length = 0;

  return (chunk) => {
    let start = 0;
    for (let end = chunk.indexOf(10); end !== -1; end = chunk.indexOf(10, start)) {
      const last = chunk.subarray(start, end);
      const line = parts.length > 0 ? Buffer.concat([...parts, last]) : last;
      if (parts.length > 0) parts = [];
      length = 0;
      start = end + 1;
      const text = line.toString('utf8').trim();
      if (text) onLine(text);
    }
    if (start === chunk.length) return;
    parts.push(chunk.subarray(start));
    length += chunk.length - start;
    if (length <= longest) return;
    parts = [];
    length = 0;
    onTooLong(new Error(`the server sent a line of more than ${String(longest)} bytes`));
  };
}
