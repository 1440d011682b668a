import { closeSync, fchmodSync, openSync, writeSync } from 'node:fs';
import { ConfigError } from '../../errors';
import { reasonOf } from '../../util/reasonOf';

/** A file for a recording. */
export interface RecordingFile extends Disposable {
  /** Writes a line. Pass this function to `recording` as its sink. */
  readonly sink: (line: string) => void;
  /** Closes the file. Later lines are dropped. */
  close(): void;
}

/**
 * Opens a file for a recording. Truncates an existing file. The file is readable only by its owner (mode 0600), because messages
 * may contain secrets. Each line is written synchronously, so the file is complete even after a crash.
 *
 * @throws `ConfigError` if the file cannot be opened.
 *
 * @example
 * const file = recordingFile('session.mcp.jsonl');
 * const session = new MCPSession(recording(connector, file.sink));
 */
export function recordingFile(path: string): RecordingFile {
  const descriptor = open(path);
  let isOpen = true;
  function close(): void {
    if (isOpen) closeSync(descriptor);
    isOpen = false;
  }
  return {
    sink(line) {
      if (isOpen) writeSync(descriptor, `${line}\n`);
    },
    close,
    [Symbol.dispose]: close,
  };
}

function open(path: string): number {
  try {
    const descriptor = openSync(path, 'w', 0o600);
    fchmodSync(descriptor, 0o600);
    return descriptor;
  } catch (cause) {
    throw new ConfigError(`recording: cannot open ${path} (${reasonOf(cause).message})`, { path, cause });
  }
}
