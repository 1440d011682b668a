import { closeSync, fchmodSync, openSync, writeSync } from 'node:fs';
import { ConfigError } from '../../errors';
import { reasonOf } from '../../util/reasonOf';

/** An open file for a recording. Disposing of it closes the file. */
export interface RecordingFile extends Disposable {
  /** Writes a line. Pass it to `recording()` as the sink. */
  readonly sink: (line: string) => void;
  /** Closes the file. Lines that are written later are dropped. */
  close(): void;
}

/**
 * Opens a file for a recording. Truncates an existing file. Only the owner can read the file (mode 0600), because
 * messages may contain secrets. Each line is written synchronously, so that the file is complete even after a crash.
 *
 * @param path - the path of the file. By convention, its name ends with `.mcp.jsonl`.
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
