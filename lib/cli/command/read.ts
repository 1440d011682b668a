import type { ReadResourceResult } from '../../protocol/types';
import type { CommandLine } from '../commandLine';
import { exitCodes } from '../exitCode';
import { whenClosed } from '../openSession';
import { runAll } from '../runAll';
import { reportStatus } from '../sessionReport';
import { resolveTarget } from '../target';
import type { Terminal } from '../terminal';
import { oneLine, printable } from '../text';
import { UsageError } from '../usageError';

/** `rx-mcp read`: prints a resource, once or after every update. */
export async function read(line: CommandLine, terminal: Terminal): Promise<number> {
  const words = [...line.words];
  const word = line.program ? undefined : words.shift();
  const [uri, extra] = words;
  if (uri === undefined)
    throw new UsageError(`read: expected ${line.program ? '' : 'a target and '}the URI of a resource`);
  if (extra !== undefined) throw new UsageError(`read: unexpected argument ${JSON.stringify(extra)}`);
  const target = await resolveTarget(line, word);
  const json = line.flag('json');
  let reads = 0;
  const show = (result: Pick<ReadResourceResult, 'contents'>): void => {
    reads++;
    if (json) terminal.print(JSON.stringify(result));
    else printContents(result.contents, terminal);
  };
  const code = await runAll([target], {
    terminal,
    json,
    interrupted: line.flag('watch') ? exitCodes.ok : exitCodes.interrupted,
    prepare: (session) => {
      if (line.flag('watch')) reportStatus(session, { terminal, json });
    },
    use: async (session) => {
      if (!line.flag('watch')) {
        show(await session.readResource(uri));
        return exitCodes.ok;
      }
      await new Promise<void>((resolve, reject) => {
        session
          .resource$(uri)
          .subscribe({ next: (contents) => show({ contents: [...contents] }), error: reject, complete: resolve });
        whenClosed(session).then(resolve, reject);
      });
      return exitCodes.ok;
    },
  });
  if (json) terminal.print(JSON.stringify({ summary: { uri, reads, exitCode: code } }));
  return code;
}

/**
 * Prints the contents of a resource. Removes control sequences from text. Writes bytes unmodified or, on a terminal,
 * prints only their type and size.
 */
function printContents(contents: ReadResourceResult['contents'], terminal: Terminal): void {
  for (const part of contents) {
    if ('text' in part) terminal.print(printable(part.text));
    else if (!terminal.isTerminal) terminal.write(Buffer.from(part.blob, 'base64'));
    else terminal.print(`[${oneLine(part.mimeType ?? 'bytes')}: ${Buffer.from(part.blob, 'base64').length} bytes]`);
  }
}
