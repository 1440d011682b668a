import { readTextFile } from '#platform';
import { ConfigError } from '../../errors';

/** What is in a configuration file. Rejects with a {@link ConfigError} when that is not JSON, or can not be read. */
export async function readConfig(path: string): Promise<unknown> {
  try {
    return parse(await readTextFile(path), path);
  } catch (cause) {
    if (cause instanceof ConfigError) throw cause;
    throw new ConfigError(`${path}: ${cause instanceof Error ? cause.message : String(cause)}`, { path, cause });
  }
}

/** The platform's own error quotes the text, which may hold secrets: only where it stopped is told. */
function parse(text: string, path: string): unknown {
  try {
    // Some editors begin a file with a byte order mark.
    return JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch (cause) {
    throw new ConfigError(`${path}: it is not JSON${whereOf(cause, text)}`, { path });
  }
}

function whereOf(cause: unknown, text: string): string {
  const position = cause instanceof Error ? /at position (\d+)/.exec(cause.message)?.[1] : undefined;
  if (position === undefined) return '';
  return `, at line ${String(text.slice(0, Number(position)).split('\n').length)}`;
}
