import { firstValueFrom, merge, NEVER, timer } from 'rxjs';
import type { MCPSession } from '../../client/session/mcpSession';
import { recordingFile } from '../../testing/node/recordingFile';
import { recording } from '../../testing/recording/recording';
import type { CommandLine } from '../commandLine';
import { exitCodes } from '../exitCode';
import { whenClosed } from '../openSession';
import { runAll } from '../runAll';
import { reportStatus } from '../sessionReport';
import { environmentOf, resolveTarget } from '../target';
import type { Terminal } from '../terminal';
import { UsageError } from '../usageError';

/** `rx-mcp record`: records a session with a target, or the messages between another client and a program. */
export async function record(line: CommandLine, terminal: Terminal): Promise<number> {
  const path = line.text('output');
  const duration = line.duration('for');
  const [word, extra] = line.words;
  if (path === undefined) throw new UsageError('record: expected a file, as in -o session.mcp.jsonl');
  if (extra !== undefined) throw new UsageError(`record: unexpected argument ${JSON.stringify(extra)}`);
  if (line.program) {
    if (word !== undefined)
      throw new UsageError(`record: expected either ${JSON.stringify(word)} or a command after --`);
    const { proxy } = await import('../proxy');
    return proxy(line.program, environmentOf(line), path, terminal);
  }
  const { name, connector } = await resolveTarget(line, word);
  using file = recordingFile(path);
  let lines = 0;
  const sink = (text: string): void => {
    lines++;
    file.sink(text);
  };
  const code = await runAll([{ name, connector: recording(connector, sink) }], {
    terminal,
    json: line.flag('json'),
    interrupted: exitCodes.ok,
    prepare: (session) => reportStatus(session, { terminal, json: line.flag('json') }),
    use: async (session) => {
      subscribeToLists(session);
      const ended$ = duration === undefined ? NEVER : timer(duration);
      await Promise.race([whenClosed(session), firstValueFrom(ended$)]);
      return exitCodes.ok;
    },
  });
  if (line.flag('json')) terminal.print(JSON.stringify({ summary: { file: path, lines, exitCode: code } }));
  else if (code === exitCodes.ok) terminal.note(`rx-mcp: ${lines} lines written to ${path}`);
  return code;
}

/** Fetches the server's lists now and after each change, so that a replay can respond with them. */
function subscribeToLists(session: MCPSession): void {
  const { capabilities, tools$, prompts$, resources$, resourceTemplates$ } = session;
  merge(
    capabilities?.tools ? tools$ : NEVER,
    capabilities?.prompts ? prompts$ : NEVER,
    capabilities?.resources ? merge(resources$, resourceTemplates$) : NEVER,
  ).subscribe();
}
