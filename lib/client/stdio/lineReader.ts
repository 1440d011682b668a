const maxLineBytes = 64 * 1024 * 1024;

/** Splits chunks into lines. */
export interface LineReader {
  read(chunk: Buffer): void;
  /** Removes and returns the text after the last line ending. May be empty. */
  rest(): string;
}

/**
 * Creates a {@link LineReader}. Splits only at `\n`, because JSON may contain other line separators. For speed, all
 * lines that end in a chunk are decoded together.
 */
export function createLineReader(onLine: (line: string) => void, onTooLong: (error: Error) => void): LineReader {
  let parts: Buffer[] = [];
  let length = 0;

  function read(chunk: Buffer): void {
    const end = chunk.lastIndexOf(10);
    if (end !== -1) {
      const lines = parts.length > 0 ? Buffer.concat([...parts, chunk.subarray(0, end)]) : chunk.subarray(0, end);
      parts = [];
      length = 0;
      for (const line of lines.toString('utf8').split('\n')) {
        const text = line.trim();
        if (text) onLine(text);
      }
    }
    if (end + 1 === chunk.length) return;
    parts.push(chunk.subarray(end + 1));
    length += chunk.length - end - 1;
    if (length <= maxLineBytes) return;
    parts = [];
    length = 0;
    onTooLong(new Error(`reading stdout: line exceeds ${String(maxLineBytes)} bytes`));
  }

  function rest(): string {
    const text = Buffer.concat(parts).toString('utf8').trim();
    parts = [];
    length = 0;
    return text;
  }

  return { read, rest };
}
